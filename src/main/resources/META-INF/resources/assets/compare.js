import {get} from './api.js';
import {byId} from './dom.js';
import {AttributionMap} from './map.js';
import {t} from './texts.js';

/** Milliseconds for which each of two maps is shown: below two changes in a second (WCAG 2.3.1). */
const SHOWN = 700;

/**
 * The maps of a sentence that can be shown beside the one in sight: by the other stored methods, and by
 * models that attributed the case before.
 *
 * @param maps as the API gives them for the sentence
 * @param method whose map is in sight
 * @param others results of other models, as the API gives them
 * @returns of each map `value`, `group`, `name`, `caption` and the `map`
 */
export function otherMaps(maps, method, others) {
  const methods = [maps, ...maps.beside].filter(made => made.method.name !== method.name).map(made => ({
    value: `method ${made.method.name}`, group: t('viewer.otherMethods'), name: made.method.title,
    caption: made.method.title, map: AttributionMap.of(made, maps)}));
  const models = others.map(other => ({
    value: `model ${other.model.name} ${other.model.hash}`, group: t('viewer.otherModels'), name: other.model.name,
    caption: t('viewer.modelBefore', {model: other.model.name, method: other.method.title}), map: AttributionMap.of(other, other)}));
  return [...methods, ...models];
}

/** What other models made of a sentence; none if that cannot be asked, as it is only for comparison. */
export async function ofOtherModels(sentence, signal) {
  try {
    return (await get(sentence.links.otherModels, 'application/json', signal)).maps;
  } catch {
    return [];
  }
}

/** Shows two maps in turns. For whom motion is not to be seen, only by hand. */
export class Blink {
  #timer = 0;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  /** @param swap shows the other of both */
  constructor(swap) {
    this.swap = swap;
    byId('blink').addEventListener('click', () => (this.#timer ? this.stop() : this.#start()));
    this.#still.addEventListener('change', () => this.stop());
  }

  #start() {
    if (!this.#still.matches) {
      this.#timer = setInterval(this.swap, SHOWN);
      this.#show();
    }
    this.swap();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#show();
  }

  #show() {
    byId('blink').setAttribute('aria-pressed', String(this.#timer !== 0));
  }
}
