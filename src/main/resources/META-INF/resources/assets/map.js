import {colour} from './colours.js';

/** Longest side of the layer a map is painted on; the map is smooth, so this is enough. */
const LONGEST = 1024;

/** A map of one value for each patch. */
export class AttributionMap {
  #values = null;

  /**
   * @param scaled by rows; 0 and less is not drawn, 1 is the strongest colour
   * @param least what 0 is in the unit
   * @param greatest what 1 is
   * @param unit of a patch
   */
  constructor({scaled, least, greatest, unit, geometry, size}) {
    Object.assign(this, {grid: scaled, least, greatest, unit, geometry, size});
  }

  /** One method's map of a sentence, as returned by `/api/cases/{id}/sentences/{n}/map`. */
  static of({grid, method}, {geometry, size}) {
    const values = grid.bits.flat(); // in the unit
    return new AttributionMap({scaled: grid.scaled, least: Math.min(...values), greatest: Math.max(...values),
      unit: method.unit, geometry, size});
  }

  /** Value in [0, 1], bilinear between patch centres as in the captures; 0 outside the model's square. */
  value(sourceX, sourceY) {
    const g = this.geometry;
    const inputX = sourceX * g.resizedColumns / g.sourceColumns - g.offsetX;
    const inputY = sourceY * g.resizedRows / g.sourceRows - g.offsetY;
    if (inputY < 0 || inputY >= g.inputRows || inputX < 0 || inputX >= g.inputColumns) {
      return 0;
    }
    const map = this.grid;
    const clamp = (v, most) => Math.max(0, Math.min(most, v));
    const y = clamp(inputY * map.length / g.inputRows - 0.5, map.length - 1);
    const x = clamp(inputX * map[0].length / g.inputColumns - 0.5, map[0].length - 1);
    const top = Math.floor(y);
    const left = Math.floor(x);
    const bottom = Math.min(top + 1, map.length - 1);
    const right = Math.min(left + 1, map[0].length - 1);
    const upper = map[top][left] + (map[top][right] - map[top][left]) * (x - left);
    const lower = map[bottom][left] + (map[bottom][right] - map[bottom][left]) * (x - left);
    return upper + (lower - upper) * (y - top);
  }

  /** A value in [0, 1] in the method's own unit. */
  inUnit(value) {
    return this.least + (this.greatest - this.least) * value;
  }

  /** The model's square in source pixels, clipped to the image: [left, top, right, bottom]. */
  square() {
    const g = this.geometry;
    const cut = (v, most) => Math.max(0, Math.min(most, v));
    const x = v => cut((v + g.offsetX) * g.sourceColumns / g.resizedColumns, g.sourceColumns);
    const y = v => cut((v + g.offsetY) * g.sourceRows / g.resizedRows, g.sourceRows);
    return [x(0), y(0), x(g.inputColumns), y(g.inputRows)];
  }

  /**
   * A layer over the whole image.
   *
   * @param blend opacity where the map is greatest
   * @param threshold value below which nothing is shown
   */
  paint({colours, blend, threshold}) {
    const {width, height, values} = this.#surface();
    const layer = new OffscreenCanvas(width, height);
    const context = layer.getContext('2d');
    const image = context.createImageData(width, height);
    const rgba = new Uint32Array(image.data.buffer);
    const shades = Uint32Array.from({length: 256}, (_, i) => {
      const [r, g, b] = colour(colours, i / 255);
      return i / 255 < threshold ? 0 : Math.round(blend * i) << 24 | b << 16 | g << 8 | r;
    });
    for (let i = 0; i < rgba.length; i++) {
      rgba[i] = shades[values[i]];
    }
    context.putImageData(image, 0, 0);
    return layer;
  }

  /** Its values in steps of 1/255, computed once; display settings do not change them. */
  #surface() {
    const {rows, columns} = this.size;
    const scale = LONGEST / Math.max(rows, columns);
    const width = Math.max(1, Math.round(columns * scale));
    const height = Math.max(1, Math.round(rows * scale));
    if (!this.#values) {
      this.#values = new Uint8ClampedArray(width * height);
      for (let y = 0, at = 0; y < height; y++) {
        const sourceY = (y + 0.5) * rows / height;
        for (let x = 0; x < width; x++, at++) {
          this.#values[at] = 255 * this.value((x + 0.5) * columns / width, sourceY);
        }
      }
    }
    return {width, height, values: this.#values};
  }
}
