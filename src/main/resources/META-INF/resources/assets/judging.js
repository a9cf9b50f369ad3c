import {post, remove} from './api.js';
import {byId, element} from './dom.js';
import {draft, keepDraft} from './drafts.js';
import {moment, VERDICTS} from './words.js';
import {t} from './texts.js';

const DRAFT = t('judging.draft');

/** A person's judgement of a sentence and its map. All judgements are kept; the latest counts. */
export class Judging {
  #sentence = null;
  #locked = true;
  #busy = new Set(); // sentences whose judgement is on its way
  #buttons = new Map();
  #undo = element('button', {type: 'button', id: 'undo', title: t('judging.undoHint'),
    onclick: () => this.undo()}, t('judging.undo'));

  /** @param changed called when a sentence's judgements or draft change */
  constructor(changed) {
    this.changed = changed;
    Object.entries(VERDICTS).forEach(([verdict, {name, tone}], i) => {
      const button = element(`button.${tone}`, {type: 'button', 'aria-pressed': 'false', 'data-verdict': verdict,
        onclick: () => this.judge(verdict)}, element('kbd', {'aria-hidden': 'true'}, String(i + 1)), name);
      this.#buttons.set(verdict, button);
    });
    byId('verdicts').replaceChildren(...this.#buttons.values());
    byId('undo-place').replaceChildren(this.#undo);
    byId('judge').addEventListener('submit', event => event.preventDefault());
    byId('judge').addEventListener('keydown', event => {
      if (event.repeat && event.key === 'Enter' && event.target.closest('button')) {
        event.preventDefault(); // a held key is one judgement
      }
    });
    byId('note').addEventListener('input', () => this.#keep());
    byId('note').addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        event.target.blur(); // so that 1 to 4 judge
        this.#say(event.target.value.trim() ? `${DRAFT} ${t('judging.press')}` : t('judging.noNote'));
      }
    });
  }

  /** Another sentence is loading: judging is disabled until {@link unlock}. */
  show(sentence) {
    this.#sentence = sentence;
    byId('note').value = draft(sentence);
    this.#fit();
    this.lock(t('judging.loading'));
  }

  lock(why) {
    this.#locked = true;
    this.#showSaved();
    this.#say(why);
  }

  /** This sentence's map is visible. */
  unlock(sentence) {
    if (sentence === this.#sentence) {
      this.#locked = false;
      this.#showSaved();
    }
  }

  async judge(verdict) {
    const sentence = this.#sentence;
    if (this.#locked || this.#busy.has(sentence)) {
      return;
    }
    const note = byId('note').value;
    await this.#work(sentence, t('judging.saving'), 'judging.notSaved', async () => {
      const saved = await post(sentence.links.judgements, {verdict, note: note.trim()});
      sentence.judgements = [saved, ...(sentence.judgements ?? []).map(j => (j.who === saved.who ? {...j, current: false} : j))];
      if (draft(sentence) === note || note.trim() === draft(sentence).trim()) { // not what was written meanwhile
        keepDraft(sentence, '');
        if (sentence === this.#sentence && byId('note').value === note) {
          byId('note').value = '';
          this.#fit();
        }
      }
    });
  }

  /** Withdraws this person's current judgement; its note becomes a draft again. */
  async undo() {
    const sentence = this.#sentence;
    const last = own(sentence);
    if (this.#locked || !last || this.#busy.has(sentence)) {
      return;
    }
    await this.#work(sentence, t('judging.undoing'), 'judging.notUndone', async () => {
      const {sentences} = await remove(last.links.self);
      sentence.judgements = sentences.find(s => s.id === sentence.id)?.judgements ?? [];
      if (last.note && !draft(sentence)) {
        keepDraft(sentence, last.note);
        if (sentence === this.#sentence) {
          byId('note').value = last.note;
          this.#fit();
        }
      }
    });
  }

  async #work(sentence, doing, failed, work) {
    this.#busy.add(sentence);
    this.#say(doing);
    let problem = null;
    try {
      await work();
    } catch (caught) {
      problem = caught;
    }
    this.#busy.delete(sentence);
    if (sentence === this.#sentence) {
      this.#showSaved();
      if (problem) {
        this.#say(t(failed, {why: problem.message}));
      }
    }
    this.changed(problem && sentence !== this.#sentence ? t(`${failed}Of`, {text: sentence.text, why: problem.message}) : null);
  }

  #keep() {
    const kept = keepDraft(this.#sentence, byId('note').value);
    this.#fit();
    this.#say(kept ? DRAFT : t('judging.noDrafts'));
    this.changed(null);
  }

  /** Fits the height to the text, up to the limit set by the style. */
  #fit() {
    const note = byId('note');
    note.rows = 1;
    note.rows = Math.max(1, Math.min(4, Math.round(note.scrollHeight / 24)));
  }

  #say(what) {
    byId('judged').textContent = what;
  }

  #showSaved() {
    const all = this.#sentence.judgements ?? [];
    const latest = all.find(j => j.current);
    const waits = this.#locked || this.#busy.has(this.#sentence);
    for (const [verdict, button] of this.#buttons) {
      button.setAttribute('aria-pressed', String(verdict === latest?.verdict));
      button.setAttribute('aria-disabled', String(waits)); // not disabled: that would lose the focus
    }
    this.#undo.hidden = this.#locked || !own(this.#sentence);
    this.#say(latest ? t('judging.saved', {judgement: inWords(latest)}) : t('judging.notYet'));
    byId('judgements').replaceChildren(...(all.length ? all.map(j => element('li', {}, inWords(j), j.undone ? ` ${t('judging.undone')} ` : ' ',
      element('a', {href: j.links.observation}, t('judging.observation')))) : [element('li', {}, t('judging.none'))]));
  }
}

/** The signed-in person's current judgement. */
function own(sentence) {
  const person = document.querySelector('.menu .user')?.textContent;
  return sentence.judgements?.find(j => j.current && j.who === person);
}

function inWords({verdict, note, who, when}) {
  return `${VERDICTS[verdict]?.name ?? verdict}, ${who}, ${moment(when)}${note ? `: “${note}”` : ''}`;
}
