/**
 * Where an image lies on the screen: mirrored, turned, zoomed. Source pixels, of which (0, 0) is the
 * image's corner, to device pixels and back.
 */
export class Placement {
  /** [a, b, c, d, e, f] of a canvas transformation. */
  constructor(matrix) {
    this.matrix = matrix;
    const [a, b, c, d] = matrix;
    /** Device pixels per source pixel, along a row and along a column. */
    this.scale = Math.hypot(a, b);
    this.scaleY = Math.hypot(c, d);
  }

  /**
   * @param image `rows`, `columns` and the `aspect` of its pixels, height by width
   * @param screen its `width` and `height` in device pixels
   * @param view `zoom`, 1 fits the image; `center`, the point in the middle, as shares of columns and
   *   rows; `mirrored`, whether left and right are exchanged; then `turns`, quarter turns clockwise
   */
  static of(image, screen, {zoom, center, mirrored, turns}) {
    const scale = Placement.fit(image, screen, turns) * zoom;
    const [cos, sin] = [[1, 0], [0, 1], [-1, 0], [0, -1]][turns];
    const across = mirrored ? -scale : scale;
    const down = scale * image.aspect;
    const [a, b, c, d] = [across * cos, across * sin, -down * sin, down * cos];
    const x = center.x * image.columns;
    const y = center.y * image.rows;
    return new Placement([a, b, c, d, // whole, so that ×1 is not blurred
      Math.round(screen.width / 2 - a * x - c * y), Math.round(screen.height / 2 - b * x - d * y)]);
  }

  /** Device pixels per source pixel along a row, when the whole image just fits. */
  static fit({rows, columns, aspect}, {width, height}, turns) {
    const [across, down] = turns % 2 ? [rows * aspect, columns] : [columns, rows * aspect];
    return Math.min(width / across, height / down);
  }

  screen({x, y}) {
    const [a, b, c, d, e, f] = this.matrix;
    return {x: a * x + c * y + e, y: b * x + d * y + f};
  }

  source({x, y}) {
    const [, , , , e, f] = this.matrix;
    return this.along({x: x - e, y: y - f});
  }

  /** A way on the screen in source pixels. */
  along({x, y}) {
    const [a, b, c, d] = this.matrix;
    const area = a * d - b * c;
    return {x: (d * x - c * y) / area, y: (a * y - b * x) / area};
  }

  /** The part of the source that a screen shows: left, top, right, bottom, within the image. */
  sight({rows, columns}, left, top, right, bottom) {
    const corners = [{x: left, y: top}, {x: right, y: top}, {x: left, y: bottom}, {x: right, y: bottom}].map(p => this.source(p));
    const cut = (v, most) => Math.max(0, Math.min(most, v));
    const [xs, ys] = [corners.map(p => p.x), corners.map(p => p.y)];
    return [cut(Math.min(...xs), columns), cut(Math.min(...ys), rows), cut(Math.max(...xs), columns), cut(Math.max(...ys), rows)];
  }

  /** The same enlarged around a point of the screen. */
  enlarged(factor, {x, y}) {
    const [a, b, c, d, e, f] = this.matrix;
    return new Placement([factor * a, factor * b, factor * c, factor * d, x + factor * (e - x), y + factor * (f - y)]);
  }
}
