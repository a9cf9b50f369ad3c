import {Blink, ofOtherModels, otherMaps} from './compare.js';
import {byId, element} from './dom.js';
import {connectKeys} from './keys.js';
import {Link} from './linked.js';
import {areOpposite, edges, showEdges} from './orientation.js';
import {earlierImages} from './priors.js';
import {number, t} from './texts.js';
import {Viewer} from './viewer.js';
import {windowInWords} from './windows.js';
import {inUnit} from './words.js';

/** From the lowest to the highest colour. */
const rangeOf = ({least, greatest, unit}) => `${inUnit(least, unit)} – ${inUnit(greatest, unit)}`;

const SAME_SCALE = 0.02; // a difference that nobody sees

/** A second picture beside the image: one of an earlier study, or the same under another map. */
export class Beside {
  #viewer;
  #second;
  #link;
  #found;
  #load;
  #blink = new Blink(() => this.#swap());
  #priors = [];
  #maps = []; // of the sentence in sight
  #value = ''; // of the choice; kept while a sentence does not have it
  #last = ''; // the choice before nothing was chosen
  #offered = null; // {key, image, caption} of the sentence in sight
  #shown = null; // the choice that is in the pane
  #swapped = false;
  #at = new Map(); // of an earlier image with several frames, by its choice: the one in sight, from 0

  /**
   * @param load gives what an address of a frame will be
   * @param swapped called when the map in the image is to be another
   */
  constructor(viewer, found, {load, swapped}) {
    this.#viewer = viewer;
    this.#found = found;
    this.#load = load;
    this.swapped = swapped;
    this.#second = new Viewer(byId('beside-canvas'), {changed: () => this.#changed(), pointed: () => {}});
    this.#link = new Link(viewer, this.#second);
    this.#connect();
  }

  #connect() {
    byId('beside').addEventListener('change', event => this.#choose(event.target.value));
    byId('linked').addEventListener('click', () => {
      this.#link.on = !this.#link.on;
      byId('linked').setAttribute('aria-pressed', String(this.#link.on));
      this.#link.join();
    });
    byId('swap').addEventListener('click', () => {
      this.#blink.stop();
      this.#swap();
    });
    byId('reset').addEventListener('click', () => {
      this.#second.radiograph?.resetWindow();
      this.#second.refresh();
    });
    byId('beside-frame').addEventListener('input', event => this.#showFrame(event.target.value - 1));
    byId('beside-canvas').addEventListener('keydown', event => {
      const by = {PageUp: -1, PageDown: 1}[event.key];
      if (by && this.#shown?.frames?.length > 1) {
        event.preventDefault();
        this.#step(by);
      }
    });
    const press = id => () => byId(id).hidden || byId(id).click();
    connectKeys([
      {keys: ['t'], does: [() => this.#choose(this.#value ? '' : this.#best())], text: t('viewer.keyBeside')},
      {keys: ['y'], does: [press('linked')], text: t('viewer.linkedHint')},
      {keys: ['<', '>'], does: [() => this.#step(-1), () => this.#step(1)], text: t('viewer.keyFrame')},
      {keys: ['q'], does: [press('swap')], text: t('viewer.swapHint')},
    ]);
  }

  /** The map that is in the image instead of its own; null if none is. */
  get map() {
    return this.#swapped ? this.#shown?.map ?? null : null;
  }

  async load() {
    this.#priors = await earlierImages(this.#found);
    this.#list();
  }

  /**
   * An image is in sight, with the maps of a sentence.
   *
   * @param sentence null for an image without results
   * @param maps as the API gives them; null if there are none or they must not be seen
   * @param method whose map is in the image
   * @param image of the case, as the API lists it
   * @param signal aborted when another sentence is chosen
   */
  async offer(sentence, maps, method, image, signal) {
    const key = maps && `${sentence.id} ${method.name}`;
    if (this.#offered && this.#offered.key === key && this.#offered.image === image) {
      this.#refresh();
      return;
    }
    byId('beside').disabled = false;
    const caption = this.#found.withdrawn > 0 && sentence // maps of several models can be in sight
      ? t('viewer.modelNow', {model: sentence.model.name, method: method.title}) : method.title;
    this.#offered = {key, image, caption};
    this.#unswap();
    this.#maps = maps ? otherMaps(maps, method, []) : [];
    this.#list();
    if (maps && this.#found.withdrawn > 0) {
      const others = await ofOtherModels(sentence, signal);
      if (this.#offered.key === key) {
        this.#maps = otherMaps(maps, method, others);
        this.#list();
      }
    }
  }

  /** Nothing is in sight at the moment; the pane stays, as it will be filled again. */
  clear() {
    this.#offered = null;
    this.#unswap();
    this.#maps = [];
    byId('beside').disabled = true;
    if (this.#shown?.map) {
      this.#shown = null;
      this.#second.show(null);
    }
  }

  #choices() {
    return [...this.#priors, ...this.#maps];
  }

  /** What the key shows: what was shown last, an earlier image of the same view, else the first. */
  #best() {
    const open = this.#choices().filter(choice => !choice.problem);
    const {modality, viewPosition} = this.#offered?.image ?? {};
    return (open.find(choice => choice.value === this.#last)
      ?? open.find(choice => choice.frame && choice.modality === modality && choice.view === viewPosition)
      ?? open[0])?.value ?? '';
  }

  #choose(value) {
    this.#last = this.#value || this.#last;
    this.#value = value;
    this.#unswap();
    this.#list();
  }

  #list() {
    const groups = Map.groupBy(this.#choices(), choice => choice.group);
    byId('beside').replaceChildren(element('option', {value: ''}, t('viewer.besideNothing')),
      ...[...groups].map(([label, choices]) => element('optgroup', {label}, ...choices.map(({value, name, problem}) =>
        element('option', {value, disabled: Boolean(problem)}, name)))));
    byId('besides').hidden = groups.size === 0;
    byId('beside').value = this.#choices().some(choice => choice.value === this.#value) ? this.#value : '';
    this.#refresh();
  }

  #refresh() {
    const choice = this.#choices().find(({value, problem}) => value === this.#value && !problem) ?? null;
    const map = choice?.map ?? null;
    for (const id of ['beside-pane', 'name-here', 'name-beside', 'linked']) {
      byId(id).hidden = choice === null;
    }
    for (const id of ['swap', 'blink']) {
      byId(id).hidden = map === null;
    }
    byId('name-here').textContent = map ? (this.#swapped ? choice.caption : this.#offered.caption) : t('viewer.thisStudy');
    byId('name-beside').textContent = [choice?.caption, map && rangeOf(map)].filter(Boolean).join(' · ');
    this.#tellFrame(choice);
    byId('beside-canvas').setAttribute('aria-label', t('viewer.besideImage', {name: choice?.caption ?? ''}));
    if (map) {
      this.#shown = choice;
      this.#link.sameWindow = false; // it is the same image
      this.#second.showAs(this.#viewer);
      this.#second.showMap(map);
      this.#link.join();
      byId('beside-loading').textContent = '';
    } else if (choice && choice !== this.#shown) {
      this.#shown = choice;
      this.#showEarlier(choice);
    } else if (choice) {
      this.#link.join();
    } else {
      this.#shown = null;
      this.#second.show(null);
    }
  }

  #step(by) {
    this.#showFrame((this.#at.get(this.#shown?.value) ?? 0) + by);
  }

  /** @param wanted from 0; beyond the last there is none */
  #showFrame(wanted) {
    const choice = this.#shown;
    if (choice?.frames?.[wanted]) {
      this.#at.set(choice.value, wanted);
      this.#tellFrame(choice);
      this.#showEarlier(choice, true);
    }
  }

  /** Which frame of an earlier image is in sight. */
  #tellFrame(choice) {
    const of = choice?.frames?.length ?? 0;
    byId('beside-frames').hidden = of < 2;
    if (of > 1) {
      const n = (this.#at.get(choice.value) ?? 0) + 1;
      Object.assign(byId('beside-frame'), {max: of, value: n});
      byId('beside-frame-value').textContent = t('viewer.frameOf', {n, of});
    }
  }

  /** @param over whether the frame before stays in sight until the other is there */
  async #showEarlier(choice, over = false) {
    const at = this.#at.get(choice.value) ?? 0;
    const stale = () => this.#shown !== choice || (this.#at.get(choice.value) ?? 0) !== at;
    if (!over) {
      this.#second.show(null);
    }
    byId('beside-loading').textContent = t('viewer.loadingImage');
    try {
      const radiograph = await this.#load(choice.frames[at]);
      if (stale()) {
        return;
      }
      this.#second.show(radiograph);
      this.#link.sameWindow = choice.modality === 'CT' && this.#offered?.image?.modality === 'CT';
      this.#link.join();
      byId('beside-loading').textContent = '';
      await radiograph.complete;
      this.#second.refresh();
    } catch (problem) {
      if (!stale()) {
        this.#shown = null; // chosen again, it is tried again
        byId('beside-loading').textContent = problem.message;
      }
    }
  }

  #swap() {
    if (this.#shown?.map) {
      this.#swapped = !this.#swapped;
      this.swapped();
    }
  }

  #unswap() {
    this.#blink.stop();
    if (this.#swapped) {
      this.#swapped = false;
      this.swapped();
    }
  }

  #changed() {
    const {radiograph, view} = this.#second;
    showEdges(byId('beside-pane'), radiograph, view);
    byId('beside-mirrored').hidden = !radiograph || !view.mirrored;
    byId('beside-window').textContent = radiograph ? windowInWords(this.#second) : '';
    this.#tellDifferences(this.#shown?.frames ? radiograph : null);
  }

  /** What makes an earlier image misleading beside this one: the other side, another scale. */
  #tellDifferences(radiograph) {
    const here = this.#viewer.radiograph;
    const sides = (of, view) => edges(of.meta.patientOrientation, view);
    byId('beside-sides').hidden = !radiograph || !here
      || !areOpposite(sides(radiograph, this.#second.view), sides(here, this.#viewer.view));
    const times = radiograph && here && this.#second.millimetre / this.#viewer.millimetre;
    const known = Boolean(times) && Number.isFinite(times);
    byId('beside-scale').hidden = !known || Math.abs(times - 1) < SAME_SCALE;
    byId('beside-scale').textContent = known ? t('viewer.otherScale', {times: number(times, 2)}) : '';
  }
}
