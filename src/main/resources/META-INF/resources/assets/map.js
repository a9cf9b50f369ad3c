import {colour} from './colours.js';

/** Longest side of the layer a map is painted on; the map is smooth, so this is enough. */
const LONGEST = 1024;

/** Maps that were made, by their grid: what they are painted with is computed once. */
const made = new WeakMap();

/** A map of one value for each patch. */
export class AttributionMap {
  #values = new Map(); // by whether patches are shown as they are

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
    if (!made.has(grid)) {
      const values = grid.bits.flat(); // in the unit
      made.set(grid, new AttributionMap({scaled: grid.scaled, least: Math.min(...values), greatest: Math.max(...values),
        unit: method.unit, geometry, size}));
    }
    return made.get(grid);
  }

  /**
   * Value in [0, 1]; 0 outside the model's square.
   *
   * @param patches whether it is that of the point's patch, not bilinear between patch centres as in the captures
   */
  value(sourceX, sourceY, patches = false) {
    const g = this.geometry;
    const inputX = sourceX * g.resizedColumns / g.sourceColumns - g.offsetX;
    const inputY = sourceY * g.resizedRows / g.sourceRows - g.offsetY;
    if (inputY < 0 || inputY >= g.inputRows || inputX < 0 || inputX >= g.inputColumns) {
      return 0;
    }
    const map = this.grid;
    if (patches) {
      return map[Math.floor(inputY * map.length / g.inputRows)][Math.floor(inputX * map[0].length / g.inputColumns)];
    }
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

  /**
   * The patches above half of the maximum that are connected, edge to edge, to the hottest one: what the
   * place in words is said of.
   *
   * @returns for each patch whether it belongs to them, by rows; none for a flat map
   */
  hotRegion() {
    const map = this.grid;
    const [rows, columns] = [map.length, map[0].length];
    const region = map.map(row => row.map(() => false));
    const greatest = Math.max(...map.flat());
    const hottest = map.flat().indexOf(greatest);
    const open = greatest > 0 ? [[Math.floor(hottest / columns), hottest % columns]] : [];
    while (open.length > 0) {
      const [y, x] = open.pop();
      if (y >= 0 && y < rows && x >= 0 && x < columns && !region[y][x] && map[y][x] > greatest / 2) {
        region[y][x] = true;
        open.push([y - 1, x], [y + 1, x], [y, x - 1], [y, x + 1]);
      }
    }
    return region;
  }

  /** The boundary of the hot region in source pixels, along its patches. */
  contour() {
    const region = this.hotRegion();
    const g = this.geometry;
    const [rows, columns] = [region.length, region[0].length];
    const x = column => (column * g.inputColumns / columns + g.offsetX) * g.sourceColumns / g.resizedColumns;
    const y = row => (row * g.inputRows / rows + g.offsetY) * g.sourceRows / g.resizedRows;
    const hot = (row, column) => region[row]?.[column] ?? false;
    const path = new Path2D();
    for (let row = 0; row <= rows; row++) {
      for (let column = 0; column <= columns; column++) {
        if (hot(row, column) !== hot(row - 1, column)) { // its upper edge
          path.moveTo(x(column), y(row));
          path.lineTo(x(column + 1), y(row));
        }
        if (hot(row, column) !== hot(row, column - 1)) { // its left edge
          path.moveTo(x(column), y(row));
          path.lineTo(x(column), y(row + 1));
        }
      }
    }
    return path;
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
   * @param patches whether patches are shown as they are
   */
  paint({colours, blend, threshold, patches}) {
    const {width, height, values} = this.#surface(patches);
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
  #surface(patches) {
    const {rows, columns} = this.size;
    const scale = LONGEST / Math.max(rows, columns);
    const width = Math.max(1, Math.round(columns * scale));
    const height = Math.max(1, Math.round(rows * scale));
    let values = this.#values.get(patches);
    if (!values) {
      values = new Uint8ClampedArray(width * height);
      for (let y = 0, at = 0; y < height; y++) {
        const sourceY = (y + 0.5) * rows / height;
        for (let x = 0; x < width; x++, at++) {
          values[at] = 255 * this.value((x + 0.5) * columns / width, sourceY, patches);
        }
      }
      this.#values.set(patches, values);
    }
    return {width, height, values};
  }
}
