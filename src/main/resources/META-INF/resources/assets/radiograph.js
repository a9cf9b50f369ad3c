import {get} from './api.js';

/** Pixels of one frame, and the window they are shown through. */
export class Radiograph {
  static async load(path) {
    const meta = await get(path);
    const [pixels, levels, ...masks] = await Promise.all([
      get(meta.links.pixels, 'application/octet-stream'),
      meta.links.greyLevels ? get(meta.links.greyLevels, 'application/octet-stream') : null,
      ...meta.overlays.map(overlay => get(overlay.links.mask, 'application/octet-stream')),
    ]);
    const outlines = meta.overlays.map((overlay, i) => ({
      label: overlay.label || overlay.description || `Overlay ${i + 1}`,
      path: outline(new Uint8Array(masks[i]), meta.rows, meta.columns),
    }));
    return new Radiograph(meta, pixels, levels, outlines);
  }

  #stored;
  #levels; // of each sample what the model sees; null of a colour image
  #asModel; // shown by them, until the window is changed
  #layer;

  constructor(meta, pixels, levels, outlines) {
    this.meta = meta;
    this.rows = meta.rows;
    this.columns = meta.columns;
    this.outlines = outlines;
    this.#stored = meta.colour ? new Uint8Array(pixels) : new Uint16Array(pixels);
    this.#levels = levels && new Uint8Array(levels);
    this.#layer = new OffscreenCanvas(this.columns, this.rows);
    this.resetWindow();
  }

  resetWindow() {
    this.center = this.meta.windowCenter;
    this.width = this.meta.windowWidth;
    this.#asModel = this.#levels !== null;
  }

  /** @param across and up in shares of the whole range */
  moveWindow(across, up) {
    this.#asModel = false;
    const range = Math.max(1, this.meta.maximum - this.meta.minimum);
    this.width = Math.max(1, Math.min(2 * range, this.width + across * range));
    this.center = Math.max(this.meta.minimum, Math.min(this.meta.maximum, this.center - up * range));
  }

  /** After the modality LUT; null for a colour image and outside of it. */
  valueAt(x, y) {
    const inside = x >= 0 && y >= 0 && x < this.columns && y < this.rows;
    return inside && !this.meta.colour ? this.#value(this.#stored[Math.floor(y) * this.columns + Math.floor(x)]) : null;
  }

  #value(stored) {
    return stored * (this.meta.scale ?? 1) + (this.meta.offset ?? 0);
  }

  /** A value through the window (PS3.3 C.11.2.1.2 and C.11.2.1.3), 0 to 1 and what lies beyond. */
  #windowed(value) {
    const {center, width} = this;
    switch (this.meta.windowFunction) {
      case 'SIGMOID': return 1 / (1 + Math.exp(-4 * (value - center) / width));
      case 'LINEAR_EXACT': return (value - center) / width + 0.5;
      default: return (value - center + 0.5) / Math.max(width - 1, 1e-6) + 0.5;
    }
  }

  /** Of each sample the grey it is shown with: as the model sees it, or through the window. */
  #greys(invert) {
    const greys = new Uint8ClampedArray(this.meta.colour ? 256 : this.#levels.length);
    for (let stored = 0; stored < greys.length; stored++) {
      const windowed = this.#asModel ? this.#levels[stored] : 255 * this.#windowed(this.#value(stored));
      const turned = invert !== (!this.#asModel && Boolean(this.meta.inverted)); // MONOCHROME1
      greys[stored] = turned ? 255 - windowed : windowed;
    }
    if (this.meta.paddingSample !== null) {
      greys[this.meta.paddingSample] = 0;
    }
    return greys;
  }

  paint(invert) {
    const grey = this.#greys(invert);
    const context = this.#layer.getContext('2d');
    const image = context.createImageData(this.columns, this.rows);
    const rgba = new Uint32Array(image.data.buffer);
    const s = this.#stored;
    if (this.meta.colour) {
      for (let i = 0, j = 0; i < rgba.length; i++, j += 3) {
        rgba[i] = 0xFF000000 | grey[s[j + 2]] << 16 | grey[s[j + 1]] << 8 | grey[s[j]];
      }
    } else {
      const shades = Uint32Array.from(grey, v => 0xFF000000 | v << 16 | v << 8 | v);
      for (let i = 0; i < rgba.length; i++) {
        rgba[i] = shades[s[i]];
      }
    }
    context.putImageData(image, 0, 0);
    return this.#layer;
  }
}

/** The line between a mask's pixels and the others, in pixel coordinates: half-way between centres. */
function outline(mask, rows, columns) {
  const path = new Path2D();
  const at = (y, x) => y >= 0 && y < rows && x >= 0 && x < columns && mask[y * columns + x] !== 0;
  for (let y = -1; y < rows; y++) {
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
