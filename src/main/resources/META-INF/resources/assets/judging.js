import {post} from './api.js';
import {byId, element} from './dom.js';
import {moment, VERDICTS} from './words.js';

/** What a person says of a sentence and its map. All judgements are kept; the latest counts. */
export class Judging {
  #sentence = null;
  #buttons = new Map();

  /** @param saved called after each judgement */
  constructor(saved) {
    this.saved = saved;
    Object.entries(VERDICTS).forEach(([verdict, {name, tone}], i) => {
      const button = element(`button.${tone}`, {type: 'button', 'aria-pressed': 'false', 'data-verdict': verdict,
        onclick: () => this.judge(verdict)}, element('kbd', {'aria-hidden': 'true'}, String(i + 1)), name);
      this.#buttons.set(verdict, button);
    });
    byId('verdicts').replaceChildren(...this.#buttons.values());
    byId('judge').addEventListener('submit', event => event.preventDefault());
  }

  show(sentence) {
    this.#sentence = sentence;
    byId('note').value = '';
    this.#showSaved();
  }

  async judge(verdict) {
    const sentence = this.#sentence;
    byId('judged').textContent = 'Saving …';
    try {
      const saved = await post(`${sentence.links.judgements}`, {verdict, note: byId('note').value.trim()});
      sentence.judgements = [saved, ...(sentence.judgements ?? [])];
      if (sentence === this.#sentence) {
        byId('note').value = '';
        this.#showSaved();
      }
      this.saved();
    } catch (problem) {
      byId('judged').textContent = `Not saved: ${problem.message}`;
    }
  }

  #showSaved() {
    const all = this.#sentence.judgements ?? [];
    const latest = all[0];
    for (const [verdict, button] of this.#buttons) {
      button.setAttribute('aria-pressed', String(verdict === latest?.verdict));
    }
    byId('judged').textContent = latest ? `Saved: ${inWords(latest)}` : 'Not judged yet. A click saves at once.';
    byId('judgements').replaceChildren(...(all.length ? all.map(j => element('li', {}, inWords(j), ' ',
      element('a', {href: j.links.observation}, 'Observation'))) : [element('li', {}, 'None yet.')]));
  }
}

function inWords({verdict, note, who, when}) {
  return `${VERDICTS[verdict]?.name ?? verdict}, ${who}, ${moment(when)}${note ? `: “${note}”` : ''}`;
}
