import {get} from './api.js';
import {byId, element} from './dom.js';
import {AttributionMap} from './map.js';
import {figure} from './words.js';
import {t} from './texts.js';

const minus = text => text.replace('-', '−');
const amount = value => (value === 0 ? '0' : minus(value.toPrecision(2)));

/** The words of the chosen sentence, each with its region of the image, if the service stored that. */
export class WordRegions {
  #found = null; // as the API gives it
  #word = null; // of these words; null: the sentence as a whole
  #lowers = false;

  /** @param changed called after each choice by a person */
  constructor(changed) {
    this.changed = changed;
    byId('lowers').addEventListener('click', () => {
      this.#lowers = !this.#lowers;
      this.#show();
      changed();
    });
  }

  get word() {
    return this.#word;
  }

  /** Forgets the words until others are loaded. */
  clear() {
    this.#found = null;
    this.#word = null;
    byId('regions').hidden = true;
    byId('region-words').replaceChildren();
    byId('region-legend').textContent = '';
  }

  /** @param stale tells whether another sentence was chosen meanwhile */
  async load(sentence, signal, stale) {
    if (!sentence.links.interactions) {
      return;
    }
    try {
      const found = await get(sentence.links.interactions, 'application/json', signal);
      if (stale() || found.id !== sentence.id) {
        return;
      }
      this.#found = found;
      byId('region-words').replaceChildren(this.#choice(null), ...found.words.map(word => this.#choice(word)));
      byId('regions').hidden = false;
      this.#show();
    } catch (problem) {
      if (!stale()) {
        byId('regions').hidden = false;
        byId('region-legend').textContent = t('viewer.noRegions', {why: problem.message});
      }
    }
  }

  #choice(word) {
    const input = element('input', {type: 'radio', name: 'region', checked: word === null,
      onchange: () => this.#choose(word)});
    return element('label', word ? {title: t('viewer.sum', {sum: amount(word.sum)})} : {}, input,
      element('span', {dir: 'auto'}, word ? word.text : t('viewer.wholeSentence')));
  }

  #choose(word) {
    this.#word = word;
    this.#show();
    this.changed();
  }

  /** Back to the whole sentence. */
  reset() {
    if (this.#word) {
      this.#inputs()[0].click();
    }
  }

  /** The next word; the whole sentence after the last. */
  next() {
    const inputs = this.#inputs();
    inputs[(inputs.findIndex(input => input.checked) + 1) % inputs.length]?.click();
  }

  #inputs() {
    return [...byId('region-words').querySelectorAll('input')];
  }

  #show() {
    byId('lowers').hidden = !this.#word;
    byId('lowers').setAttribute('aria-pressed', String(this.#lowers));
    byId('region-legend').textContent = this.#legend();
  }

  #legend() {
    const {similarity, wordsSimilarity, greatest, words, method, layer} = this.#found;
    if (!this.#word) {
      return t('viewer.chooseWord');
    }
    const sum = sign => amount(this.#word.map.flat().filter(value => value * sign > 0).reduce((a, b) => a + b, 0));
    return [
      t('viewer.interaction', {word: this.#word.text, method, layer}),
      t(this.#lowers ? 'viewer.shownLowers' : 'viewer.shownRaises', {lowers: sum(-1), raises: sum(1)}),
      t('viewer.sameScale', {words: words.length, greatest: amount(greatest), part: amount(wordsSimilarity),
        similarity: figure(similarity)}),
    ].join(' ');
  }

  /** The chosen word's map, on the scale of all words. */
  map(size) {
    const {geometry, greatest} = this.#found;
    const share = (this.#lowers ? -1 : 1) / (greatest || 1);
    return new AttributionMap({scaled: this.#word.map.map(row => row.map(value => value * share)), least: 0, greatest,
      unit: t(this.#lowers ? 'viewer.takenFrom' : 'viewer.ofSimilarity'), geometry, size});
  }
}
