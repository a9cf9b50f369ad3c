import {get} from './api.js';
import {byId, element} from './dom.js';
import {connectKeys} from './keys.js';
import {t} from './texts.js';
import {notAnalysed} from './words.js';

/** Of the values of (0020,0062) those that name a side: U is an unpaired body part. */
const SIDES = ['L', 'R', 'B'];
const sideOf = ({laterality}) => (SIDES.includes(laterality) ? laterality : '');

/**
 * What is said of an image: its place in the study, modality, view, side and frame.
 *
 * @param image as `/api/cases/{id}/images` lists it
 */
export const imageName = (image, number) => [
  image.modality, image.viewPosition, sideOf(image), number > 1 ? t('viewer.frame', {frame: number}) : ''].filter(Boolean).join(' ');

/**
 * The frames of images, one after the other.
 *
 * @param images as `/api/cases/{id}/images` lists them
 * @returns of each its `image`, `number`, addresses of `frame` and `thumbnail`, `reason` why it has no results or cannot be
 *   shown (then without addresses), and `code` of the reason
 */
export const framesOf = images => images.flatMap(image => (image.problem
  ? [{image, number: 1, frame: null, reason: image.problem, code: ''}]
  : image.frames.map(each => ({image, number: each.number, reason: notAnalysed(each), code: each.reasonCode, ...each.links}))));

/** All images of the study as a strip of small pictures, also those without results. */
export class Filmstrip {
  #list = byId('filmstrip');
  #items = []; // {frame, name, reason, modality, element}
  #current = null; // address of the frame in sight

  /** @param chosen called with the frame's address, why it has no result, '' if it has some, and its name */
  constructor(chosen) {
    this.chosen = chosen;
    const pages = {PageUp: -1, PageDown: 1};
    const all = {...pages, ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, Home: -Infinity, End: Infinity};
    const move = (event, steps) => {
      if (Object.hasOwn(steps, event.key) && this.#items.length > 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        event.stopPropagation(); // elsewhere arrows choose sentences
        this.step(steps[event.key]);
      }
    };
    this.#list.addEventListener('keydown', event => move(event, all));
    byId('canvas').addEventListener('keydown', event => move(event, pages));
    connectKeys([{keys: [',', '.'], does: [() => this.step(-1), () => this.step(1)], text: t('viewer.keyImage')}]);
  }

  /** @param images as `/api/cases/{id}` has them: with more than one there is a strip, which is filled later */
  async load(path, images) {
    this.#list.hidden = images.length < 2;
    const all = (await get(`${path}/images`)).images;
    const frames = framesOf(all);
    this.#items = frames.map((each, i) => this.#item(each, i, frames.length));
    this.#list.hidden = this.#items.length < 2;
    this.#list.replaceChildren(...this.#items.map(item => item.element));
    this.mark(this.#current);
  }

  #item({image, number, frame, thumbnail, reason}, i, of) {
    const item = {frame, reason, image, modality: image.modality, name: t('viewer.imageOf', {i: i + 1, of, name: imageName(image, number)}).trim()};
    const inShort = [i + 1, image.viewPosition, sideOf(image)].filter(Boolean).join(' ');
    item.element = element(`li${reason ? '.plain' : ''}`, {
      'data-short': inShort,
      'id': `image-${i}`, 'role': 'option', 'aria-selected': 'false', 'title': this.#said(item), 'aria-label': this.#said(item),
      'onclick': () => this.#choose(item)},
    frame ? element('img', {src: thumbnail, alt: '', loading: 'lazy', draggable: 'false',
      onerror: event => event.target.replaceWith(element('span.none', {'aria-hidden': 'true'}, '!'))}) : element('span.none', {'aria-hidden': 'true'}, '!'));
    return item;
  }

  #said({name, reason, frame}) {
    return reason ? `${name}. ${t(frame ? 'viewer.notAnalysed' : 'viewer.notShown', {why: reason})}` : name;
  }

  #choose(item) {
    if (item.frame) {
      this.chosen(item);
    } else {
      this.#tell(item);
    }
  }

  #tell(item) {
    byId('image-note').textContent = this.#items.length > 1 || item?.reason ? this.#said(item) : '';
    byId('image-note').hidden = byId('image-note').textContent === '';
    byId('image-note').classList.toggle('warn', Boolean(item?.reason));
  }

  /** Modality of an image; undefined until the images are loaded. */
  modality(frame) {
    return this.#items.find(item => item.frame === frame)?.modality;
  }

  /** The next image, or one before. */
  step(by) {
    const at = this.#items.findIndex(item => item.frame === this.#current);
    const shown = this.#items.map((item, i) => (item.frame ? i : -1)).filter(i => i >= 0);
    const next = by === -Infinity ? shown[0] : by === Infinity ? shown.at(-1)
      : by > 0 ? shown.find(i => i > at) : shown.findLast(i => i < at);
    if (next !== undefined && next !== at) {
      this.#choose(this.#items[next]);
    }
  }

  /** This frame is in sight now. */
  mark(frame) {
    this.#current = frame;
    this.#list.removeAttribute('aria-activedescendant');
    for (const item of this.#items) {
      const here = item.frame === frame;
      item.element.setAttribute('aria-selected', String(here));
      if (here) {
        this.#list.setAttribute('aria-activedescendant', item.element.id);
        this.#bringIntoView(item.element);
        this.#tell(item);
      }
    }
  }

  /** Scrolls the strip, never the page. */
  #bringIntoView(shown) {
    const [inner, outer] = [shown.getBoundingClientRect(), this.#list.getBoundingClientRect()];
    this.#list.scrollTop += Math.min(0, inner.top - outer.top - 8) + Math.max(0, inner.bottom - outer.bottom + 8);
    this.#list.scrollLeft += Math.min(0, inner.left - outer.left - 8) + Math.max(0, inner.right - outer.right + 8);
  }
}
