import {get} from './api.js';
import {byId, element} from './dom.js';
import {connectKeys} from './keys.js';
import {AttributionMap} from './map.js';
import {Measures} from './measures.js';
import {showEdges} from './orientation.js';
import {stroke} from './strokes.js';
import {t} from './texts.js';
import {windowsOf} from './windows.js';

/** Told apart by people of any colour vision (Okabe and Ito). */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#d55e00', '#cc79a7', '#ffffff'];

/** Turning, windows, measuring and contours: what does not depend on the chosen sentence. */
export class Tools {
  #viewer;
  #sentences;
  #measures;
  #windows = [];
  #contours = []; // {path, colour}
  #maps = new Map(); // address -> what it will be

  /**
   * @param sentences returns those whose map may be shown on this image, each with its `map` in sight if it is chosen
   */
  constructor(viewer, sentences) {
    this.#viewer = viewer;
    this.#sentences = sentences;
    this.#measures = new Measures(viewer);
    viewer.layers.unshift((context, placement, ratio) => this.#paint(context, placement, ratio));
    this.#connect();
  }

  /** Another image is shown: nothing measured on the last one is. */
  show(radiograph, modality) {
    this.#measures.clear();
    this.#windows = windowsOf(radiograph.meta, modality);
    byId('windows').hidden = this.#windows.length < 2;
    byId('window').replaceChildren(
      ...this.#windows.map(({name}, i) => element('option', {value: i}, name)));
    for (const id of ['magnifier', 'patches']) {
      byId(id).setAttribute('aria-pressed', String(this.#viewer.look[id]));
    }
  }

  /** Nothing is shown at the moment. */
  clear() {
    this.#contours = [];
    showEdges(byId('canvas').parentElement, null, this.#viewer.view);
    byId('mirrored').hidden = true;
  }

  /** Window, zoom or turning have changed. */
  changed() {
    const {view, radiograph} = this.#viewer;
    showEdges(byId('canvas').parentElement, radiograph, view);
    byId('mirrored').hidden = !view.mirrored;
    byId('mirror').setAttribute('aria-pressed', String(view.mirrored));
    byId('clear-measures').hidden = this.#measures.texts.length === 0;
    byId('measures').textContent = this.#measures.texts.join('; ');
    const chosen = this.#windows.findIndex(({center, width}) => (center === undefined
      ? radiograph?.isAsModel : !radiograph?.isAsModel && center === radiograph?.center && width === radiograph?.width));
    byId('window').selectedIndex = chosen; // none when a person has dragged it
  }

  /** The chosen sentence, its map or what may be shown of the others has changed. */
  async showContours() {
    const all = isPressed('all-sentences');
    const shown = this.#sentences().filter(({map}) => all || (map && isPressed('contour')));
    const contours = await Promise.all(shown.map(async ({sentence, map, ordinal}) => {
      const known = map ?? await this.#map(sentence);
      return {path: known.contour(), colour: all ? COLOURS[ordinal % COLOURS.length] : COLOURS.at(-1), sentence, chosen: Boolean(map), ordinal};
    }));
    this.#contours = contours;
    byId('contours').hidden = !all || contours.length === 0;
    byId('contours').replaceChildren(...(all ? contours : []).map(({colour, ordinal, sentence, chosen}) => {
      const swatch = element('span.swatch', {'aria-hidden': 'true'});
      swatch.style.background = colour;
      return element('li', chosen ? {'aria-current': 'true'} : {}, swatch, `${ordinal + 1} ${sentence.text.replace(/\s+/g, ' ')}`);
    }));
    this.#viewer.refresh();
  }

  #map(sentence) {
    const address = sentence.links.map;
    if (!this.#maps.has(address)) {
      const map = get(address, 'application/json').then(found => AttributionMap.of(found, found));
      map.catch(() => this.#maps.delete(address)); // the next try asks again
      this.#maps.set(address, map);
    }
    return this.#maps.get(address);
  }

  #paint(context, placement, ratio) {
    context.setTransform(...placement.matrix);
    for (const {path, colour, chosen} of this.#contours) {
      const thin = ratio / placement.scale;
      stroke(context, path, colour, {width: (chosen ? 3 : 1.5) * thin, edged: (chosen ? 5 : 3.5) * thin});
    }
    context.resetTransform();
  }

  #choose(tool) {
    const off = !tool || isPressed(tool);
    for (const id of ['ruler', 'angle']) {
      byId(id).setAttribute('aria-pressed', String(!off && id === tool));
    }
    this.#viewer.tool = off ? null : this.#measures.tool(tool === 'angle' ? 3 : 2);
    if (!off) {
      byId('canvas').focus();
    }
  }

  #chooseWindow(i) {
    const {radiograph} = this.#viewer;
    const {center, width} = this.#windows[i] ?? {};
    if (center === undefined) {
      radiograph?.resetWindow();
    } else {
      radiograph?.setWindow(center, width);
    }
    this.#viewer.change({}); // also for what is beside it
  }

  #toggle(id, does) {
    byId(id).addEventListener('click', () => {
      byId(id).setAttribute('aria-pressed', String(!isPressed(id)));
      does(isPressed(id));
    });
  }

  #connect() {
    const viewer = this.#viewer;
    const click = (id, does) => byId(id).addEventListener('click', does);
    click('turn-left', () => viewer.turn(-1));
    click('turn-right', () => viewer.turn(1));
    click('mirror', () => viewer.mirror());
    click('one-to-one', () => viewer.oneToOne());
    click('ruler', () => this.#choose('ruler'));
    click('angle', () => this.#choose('angle'));
    click('clear-measures', () => this.#measures.clear());
    this.#toggle('magnifier', magnifier => viewer.change({magnifier}));
    this.#toggle('patches', patches => viewer.change({patches}));
    this.#toggle('contour', () => this.showContours());
    this.#toggle('all-sentences', () => this.showContours());
    byId('window').addEventListener('change', event => this.#chooseWindow(event.target.selectedIndex));
    const press = id => () => byId(id).click();
    connectKeys([
      {keys: ['[', ']'], does: [press('turn-left'), press('turn-right')], text: t('viewer.keyTurn')},
      {keys: ['h'], does: [press('mirror')], text: t('viewer.mirrorHint')},
      {keys: ['v'], does: [() => this.#chooseWindow((byId('window').selectedIndex + 1) % Math.max(1, this.#windows.length))],
        text: t('viewer.keyWindow')},
      {keys: ['z'], does: [press('one-to-one')], text: t('viewer.oneToOneHint')},
      {keys: ['g'], does: [press('magnifier')], text: t('viewer.magnifierHint')},
      {keys: ['l', 'a', 'x'], does: [press('ruler'), press('angle'), press('clear-measures')], text: t('viewer.keyMeasure')},
      {keys: ['p'], does: [press('patches')], text: t('viewer.patchesHint')},
      {keys: ['c'], does: [press('contour')], text: t('viewer.contourHint')},
      {keys: ['s'], does: [press('all-sentences')], text: t('viewer.allSentencesHint')},
    ]);
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        this.#choose(null);
      }
    });
  }
}

const isPressed = id => byId(id).getAttribute('aria-pressed') === 'true';
