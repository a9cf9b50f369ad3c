/** Draws a map over the image of one viewport, and offers its switch, sentences, opacity and colour bar. */
import {COLOURS, css, table} from '../colours.js';
import {element as make} from '../dom.js';

const colours = table(COLOURS.capture);
const OPACITY = 0.55; // of the captures

export class Overlay {
  #element;
  #cornerstone;
  #maps;
  #layer = make('canvas.m2ib-layer', {'aria-hidden': 'true'});
  #shown = null; // the image for which the panel is
  #map = null; // its chosen map
  #painted = null; // the map as it looks now, over the whole image
  #onRendered = () => this.#rendered();

  /**
   * @param maps gives those of the active data source
   */
  constructor(element, cornerstone, maps) {
    this.#element = element;
    this.#cornerstone = cornerstone;
    this.#maps = maps;
    this.#makePanel();
    element.append(this.#layer, this.panel);
    element.addEventListener(cornerstone.Enums.Events.IMAGE_RENDERED, this.#onRendered);
  }

  remove() {
    this.#element.removeEventListener(this.#cornerstone.Enums.Events.IMAGE_RENDERED, this.#onRendered);
    this.#layer.remove();
    this.panel.remove();
  }

  #makePanel() {
    this.switch = make('input', {type: 'checkbox', onchange: () => this.#choose()});
    this.choice = make('select', {'aria-label': 'Sentence', onchange: () => this.#choose()});
    this.opacity = make('input', {type: 'range', min: 0, max: 100, value: 100 * OPACITY, oninput: () => this.#repaint()});
    this.bar = make('canvas', {width: 256, height: 1, role: 'img'});
    const context = this.bar.getContext('2d');
    colours.forEach((colour, x) => {
      context.fillStyle = css(colour);
      context.fillRect(x, 0, 1, 1);
    });
    this.range = make('div.m2ib-range');
    this.unit = make('span.m2ib-unit');
    this.notice = make('p.m2ib-notice');
    this.derivation = make('p.m2ib-derivation');
    this.problem = make('p.m2ib-notice', {role: 'alert', hidden: true});
    this.more = make('div', {hidden: true}, this.choice, make('label', {}, 'Opacity', this.opacity),
      make('div.m2ib-scale', {}, make('div', {}, this.bar, this.range), this.unit), this.notice, this.derivation);
    this.panel = make('div.m2ib-panel', {hidden: true}, make('label', {}, this.switch, 'Attribution map'), this.more, this.problem);
    // the viewer's tools must not see what is done here
    for (const type of ['mousedown', 'mouseup', 'mousemove', 'click', 'dblclick', 'wheel', 'touchstart', 'touchmove', 'touchend',
      'pointerdown', 'pointerup', 'keydown', 'contextmenu']) {
      this.panel.addEventListener(type, event => event.stopPropagation());
    }
  }

  get #viewport() {
    return this.#cornerstone.getEnabledElement(this.#element)?.viewport;
  }

  /** The frame that is displayed; null where it is not displayed as it is, as in a reformatted volume. */
  #image() {
    const viewport = this.#viewport;
    if (viewport?.type !== this.#cornerstone.Enums.ViewportType.STACK) {
      return null;
    }
    const imageId = viewport.getCurrentImageId();
    const instance = imageId && this.#cornerstone.metaData.get('instance', imageId);
    return instance ? {imageId, instance, frame: Number(/\/frames\/(\d+)/.exec(imageId)?.[1] ?? 1)} : null;
  }

  /** After each change of what the viewport shows. */
  #rendered() {
    const image = this.#image();
    if (image?.imageId !== this.#shown?.imageId) {
      this.#shown = image;
      this.#map = null;
      this.panel.hidden = true;
      if (image) {
        this.#offer(image);
      }
    }
    this.#draw();
  }

  /** Lists the image's maps. */
  async #offer(image) {
    const {StudyInstanceUID, SOPInstanceUID} = image.instance;
    await this.#tried(image, async () => {
      const found = await this.#maps().of({StudyInstanceUID, SOPInstanceUID, frame: image.frame});
      if (image === this.#shown && found.length > 0) {
        const before = this.choice.selectedOptions[0]?.textContent;
        this.found = found;
        this.choice.replaceChildren(...found.map(({sentence}, i) => make('option', {value: i, selected: sentence === before}, sentence)));
        this.panel.hidden = false;
        await this.#choose();
      }
    });
  }

  /** Shows the chosen map, or none. */
  async #choose() {
    const image = this.#shown;
    const chosen = this.found[this.choice.value];
    this.more.hidden = !this.switch.checked;
    this.#map = null;
    this.#repaint();
    if (!this.switch.checked) {
      return;
    }
    this.range.replaceChildren(...[chosen.least, (chosen.least + chosen.greatest) / 2, chosen.greatest]
      .map(value => make('span', {}, value.toPrecision(3))));
    this.unit.textContent = `${chosen.unit} per patch`;
    this.bar.setAttribute('aria-label', `Colour scale from ${chosen.least.toPrecision(3)} to ${chosen.greatest.toPrecision(3)} ${chosen.unit}`);
    this.notice.textContent = chosen.notice;
    this.derivation.textContent = chosen.derivation;
    await this.#tried(image, async () => {
      const {Rows: rows, Columns: columns} = image.instance;
      const map = await this.#maps().load(chosen, {rows, columns});
      if (image === this.#shown && this.switch.checked && chosen === this.found[this.choice.value]) {
        this.#map = map;
        this.#repaint();
      }
    });
  }

  /** Says what went wrong with an image that is still shown. */
  async #tried(image, action) {
    this.problem.hidden = true;
    try {
      await action();
    } catch (e) {
      if (image === this.#shown) {
        this.problem.textContent = `Attribution maps cannot be read: ${e.message}`;
        this.problem.hidden = false;
        this.panel.hidden = false;
      }
    }
  }

  #repaint() {
    this.#painted = this.#map?.paint({colours, blend: this.opacity.value / 100, threshold: 0});
    this.#draw();
  }

  #draw() {
    const layer = this.#layer;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(this.#element.clientWidth * ratio);
    const height = Math.round(this.#element.clientHeight * ratio);
    if (layer.width !== width || layer.height !== height) {
      Object.assign(layer, {width, height});
    }
    const context = layer.getContext('2d');
    context.resetTransform();
    context.clearRect(0, 0, width, height);
    if (this.#painted) {
      context.setTransform(...this.#place().map(v => v * ratio));
      context.drawImage(this.#painted, 0, 0, this.#map.size.columns, this.#map.size.rows);
    }
  }

  /** From the corners of the image's pixels to CSS pixels of the viewport, with zoom, pan, rotation and flips. */
  #place() {
    const viewport = this.#viewport;
    const {imageData} = viewport.getImageData();
    // an index is that of a pixel's centre
    const at = (x, y) => viewport.worldToCanvas(imageData.indexToWorld([x - 0.5, y - 0.5, 0]));
    const [origin, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
    return [right[0] - origin[0], right[1] - origin[1], down[0] - origin[0], down[1] - origin[1], origin[0], origin[1]];
  }
}
