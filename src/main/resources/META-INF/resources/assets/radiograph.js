import {get} from './api.js';
import {halved, shown, whole} from './levels.js';
import {t} from './texts.js';

/** Maximum number of pixels painted during a drag; the full detail follows when it stops. */
const HURRY = 1_500_000;

/** The pixels of one frame and the window they are displayed with. */
export class Radiograph {
  /**
   * A large frame starts as a small picture, as the model sees it. Until its samples are loaded
   * (`complete`), the window cannot be changed.
   */
  static async load(path) {
    const meta = await get(path);
    const bytes = link => get(link, 'application/octet-stream');
    const samples = Promise.all([
      bytes(meta.links.pixels),
      meta.links.greyLevels ? bytes(meta.links.greyLevels) : null,
    ]);
    samples.catch(() => {}); // told by `complete`
    const [preview, ...masks] = await Promise.all([
      meta.links.preview ? bytes(meta.links.preview) : null,
      ...meta.overlays.map(overlay => bytes(overlay.links.mask)),
    ]);
    const outlines = meta.overlays.map((overlay, i) => ({
      label: overlay.label || overlay.description || t('viewer.overlay', {i: i + 1}),
      path: outline(new Uint8Array(masks[i]), meta.rows, meta.columns),
    }));
    const radiograph = new Radiograph(meta, outlines);
    if (preview) {
      radiograph.#showFirst(new Uint8Array(preview));
      radiograph.complete = samples.then(received => radiograph.#take(...received));
      radiograph.complete.catch(() => {}); // for who waits for it
    } else {
      radiograph.#take(...await samples);
    }
    return radiograph;
  }

  /** Settles when all samples are loaded or loading has failed. */
  complete = Promise.resolve();
  #halves = []; // the frame, its half, its quarter ...; empty until its samples are there
  #preview = null;
  #levels; // of each sample what the model sees; null of a colour image
  #values; // of each sample its value after the modality transformation
  #asModel = true; // shown by them, until the window is changed
  #painted = new Map(); // by step, until the window is changed
  #inverted = false;

  constructor(meta, outlines) {
    this.meta = meta;
    this.rows = meta.rows;
    this.columns = meta.columns;
    this.outlines = outlines;
    this.resetWindow();
  }

  /** Whether it is shown as the model sees it. */
  get isAsModel() {
    return this.#asModel;
  }

  get isComplete() {
    return this.#halves.length > 0;
  }

  #showFirst(greys) {
    const step = this.meta.previewStep;
    const channels = this.meta.colour ? 3 : 1;
    const frame = {samples: greys, rows: Math.ceil(this.rows / step), columns: Math.ceil(this.columns / step), channels};
    this.#preview = {step, ...paint(frame, whole(frame, 1), 1, Uint8Array.from({length: 256}, (_, v) => v))};
  }

  #take(pixels, levels) {
    const {rows, columns, meta: {colour}} = this;
    const samples = colour ? new Uint8Array(pixels) : new Uint16Array(pixels);
    this.#levels = levels && new Uint8Array(levels);
    this.#values = colour ? null : valuesOf(this.meta.values, this.#levels.length);
    this.#halves = [{samples, rows, columns, channels: colour ? 3 : 1}];
    this.#preview = null;
  }

  resetWindow() {
    this.center = this.meta.windowCenter;
    this.width = this.meta.windowWidth;
    this.#asModel = true;
    this.#painted.clear();
  }

  /** Shows this window instead of what the model sees. */
  setWindow(center, width) {
    if (this.isComplete) {
      Object.assign(this, {center, width});
      this.#asModel = false;
      this.#painted.clear();
    }
  }

  /** @param across and up as shares of the whole range */
  moveWindow(across, up) {
    if (this.isComplete) {
      const range = Math.max(Number.MIN_VALUE, this.meta.maximum - this.meta.minimum);
      const least = this.meta.windowFunction === 'LINEAR' ? 1 : range / 1000;
      this.setWindow(Math.max(this.meta.minimum, Math.min(this.meta.maximum, this.center - up * range)),
        Math.max(least, Math.min(2 * range, this.width + across * range)));
    }
  }

  /** Value after the modality LUT; null for a colour image, outside the image, and until samples are loaded. */
  valueAt(x, y) {
    const inside = x >= 0 && y >= 0 && x < this.columns && y < this.rows;
    return inside && this.isComplete && !this.meta.colour
      ? this.#values[this.#halves[0].samples[Math.floor(y) * this.columns + Math.floor(x)]] : null;
  }

  /** Applies the window (PS3.3 C.11.2.1.2 and C.11.2.1.3). Display range 0 to 1; the result may lie beyond. */
  #windowed(value) {
    const {center, width} = this;
    switch (this.meta.windowFunction) {
      case 'SIGMOID': return 1 / (1 + Math.exp(-4 * (value - center) / width));
      case 'LINEAR_EXACT': return (value - center) / width + 0.5;
      default: return (value - center + 0.5) / Math.max(width - 1, 1e-6) + 0.5;
    }
  }

  /** The grey level of each sample value: as the model sees it, or windowed. */
  #greys(invert) {
    const {colour, inverted, paddingSample} = this.meta;
    const greys = new Uint8ClampedArray(colour ? 256 : this.#levels.length);
    for (let sample = 0; sample < greys.length; sample++) {
      const level = this.#asModel ? (colour ? sample : this.#levels[sample])
        : 255 * this.#windowed(colour ? sample : this.#values[sample]);
      const turned = invert !== (!this.#asModel && Boolean(inverted)); // MONOCHROME1
      greys[sample] = turned ? 255 - level : level;
    }
    if (paddingSample !== null) {
      greys[paddingSample] = 0;
    }
    return greys;
  }

  /**
   * Renders at least the visible part, at about screen resolution.
   *
   * @param scale screen pixels per frame pixel
   * @param sight the visible part: left, top, right, bottom in frame pixels
   * @param hurry whether a coarser, approximate picture is enough for now
   * @returns a canvas, the number of frame pixels per canvas pixel, and the canvas's corner in the frame
   */
  paint({scale, sight, invert, hurry}) {
    if (this.#preview) {
      return this.#preview;
    }
    if (invert !== this.#inverted) {
      this.#inverted = invert;
      this.#painted.clear();
    }
    let step = 1;
    while (step * scale <= 0.5) {
      step *= 2;
    }
    if (hurry) {
      const [left, top, right, bottom] = sight;
      while ((right - left) * (bottom - top) / step ** 2 > HURRY) {
        step *= 2;
      }
      const half = this.#half(Math.log2(step));
      return {step, ...paint(half, around(half, sight, step, 0), 1, this.#greys(invert))};
    }
    const kept = this.#painted.get(step);
    if (kept && covers(kept, sight, this)) {
      return kept;
    }
    const [frame] = this.#halves;
    const region = step === 1 ? around(frame, sight, 1, 0.25) : whole(frame, step);
    const painted = {step, ...paint(frame, region, step, this.#greys(invert))};
    this.#painted.set(step, painted);
    return painted;
  }

  #half(k) {
    while (this.#halves.length <= k) {
      this.#halves.push(halved(this.#halves.at(-1), this.meta.paddingSample));
    }
    return this.#halves[k];
  }
}

function paint(frame, region, step, table) {
  const canvas = new OffscreenCanvas(region.width, region.height);
  canvas.getContext('2d').putImageData(shown(frame, region, step, table), 0, 0);
  return {canvas, ...region};
}

/** The visible part in pixels of `step` × `step` frame pixels, with a margin on each side. */
function around({rows, columns}, [left, top, right, bottom], step, more) {
  const cut = (v, most) => Math.max(0, Math.min(most, v));
  const [across, down] = [more * (right - left), more * (bottom - top)];
  const x = cut(Math.floor((left - across) / step) - 1, columns - 1);
  const y = cut(Math.floor((top - down) / step) - 1, rows - 1);
  return {x, y,
    width: cut(Math.ceil((right + across) / step) + 1, columns) - x,
    height: cut(Math.ceil((bottom + down) / step) + 1, rows) - y};
}

function covers({x, y, width, height, step}, [left, top, right, bottom], {rows, columns}) {
  return x * step <= Math.max(0, left) && y * step <= Math.max(0, top)
    && (x + width) * step >= Math.min(columns, right) && (y + height) * step >= Math.min(rows, bottom);
}

/** @param segments each from one sample value on: its result, and the increment per sample value */
function valuesOf(segments, samples) {
  const values = new Float64Array(samples);
  segments.forEach(({from, value, step}, i) => {
    const end = segments[i + 1]?.from ?? samples;
    for (let sample = from; sample < end; sample++) {
      values[sample] = value + (sample - from) * step;
    }
  });
  return values;
}

/** The boundary of a mask in pixel coordinates, half-way between pixel centres. */
function outline(mask, rows, columns) {
  const path = new Path2D();
  const at = (y, x) => y >= 0 && y < rows && x >= 0 && x < columns && mask[y * columns + x] !== 0;
  const first = mask.indexOf(1); // rows without a mark are passed over
  const last = mask.lastIndexOf(1);
  for (let y = Math.floor(first / columns) - 1; first >= 0 && y <= last / columns; y++) {
    for (let x = -1; x < columns; x++) { // between the centres of four pixels
      const [tl, tr, bl, br] = [at(y, x), at(y, x + 1), at(y + 1, x), at(y + 1, x + 1)];
      const crossed = [];
      if (tl !== tr) crossed.push([x + 1, y + 0.5]);
      if (tr !== br) crossed.push([x + 1.5, y + 1]);
      if (br !== bl) crossed.push([x + 1, y + 1.5]);
      if (bl !== tl) crossed.push([x + 0.5, y + 1]);
      for (let i = 0; i < crossed.length; i += 2) {
        path.moveTo(...crossed[i]);
        path.lineTo(...crossed[i + 1]);
      }
    }
  }
  return path;
}
