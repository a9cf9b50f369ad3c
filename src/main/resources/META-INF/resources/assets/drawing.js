import {byId} from './dom.js';

/**
 * Draws a region on the image: a box, an ellipse or a freehand outline. What is drawn is in pixels
 * of the image, so that it stays where it is when the image is moved; an SVG over the canvas shows
 * it.
 */
const SVG = 'http://www.w3.org/2000/svg';
const APART = 3; // CSS pixels between two points of a freehand outline
const MOST_POINTS = 500;

export class Drawing {
  #viewer;
  #canvas;
  #svg = document.createElementNS(SVG, 'svg');
  #shape = null; // of the tool in hand
  #begun = null; // points of what is being drawn
  #regions = []; // that are shown: {region, own}

  /**
   * @param viewer with `imagePoint(event)` and `screenPoint(point)`
   * @param drawn called with a shape and its points when one is finished
   * @param chosen called when a tool is taken or put away
   */
  constructor(canvas, viewer, {drawn, chosen}) {
    this.#canvas = canvas;
    this.#viewer = viewer;
    this.drawn = drawn;
    this.chosen = chosen;
    this.#svg.id = 'drawing';
    this.#svg.setAttribute('aria-hidden', 'true');
    canvas.after(this.#svg);
    this.#svg.addEventListener('pointerdown', event => this.#begin(event));
    this.#svg.addEventListener('pointermove', event => this.#go(event));
    this.#svg.addEventListener('pointerup', event => this.#end(event));
    this.#svg.addEventListener('pointercancel', () => this.#stop());
    document.addEventListener('keydown', event => event.key === 'Escape' && this.take(null));
  }

  /** Takes a tool: box, ellipse or polygon; null puts it away, as taking it twice does. */
  take(shape) {
    this.#shape = this.#shape === shape ? null : shape;
    this.#svg.classList.toggle('active', this.#shape !== null);
    this.#stop();
    this.chosen(this.#shape);
  }

  /** @param regions as the API has them, with `own` */
  show(regions) {
    this.#regions = regions;
    this.paint();
  }

  #begin(event) {
    if (event.button === 0 && this.#viewer.radiograph) {
      this.#svg.setPointerCapture(event.pointerId);
      this.#begun = [this.#inside(event)];
    }
  }

  #go(event) {
    if (!this.#begun) {
      return;
    }
    const point = this.#inside(event);
    if (this.#shape === 'polygon') {
      const [a, b] = [this.#viewer.screenPoint(this.#begun.at(-1)), this.#viewer.screenPoint(point)];
      if (Math.hypot(a.x - b.x, a.y - b.y) >= APART && this.#begun.length < MOST_POINTS) {
        this.#begun.push(point);
      }
    } else {
      this.#begun[1] = point;
    }
    this.paint();
  }

  #end(event) {
    if (!this.#begun) {
      return;
    }
    this.#go(event);
    const [shape, points] = [this.#shape, pointsOf(this.#shape, this.#begun)];
    this.#stop();
    if (hasArea(points)) {
      this.take(null);
      this.drawn(shape, points);
    }
  }

  #stop() {
    this.#begun = null;
    this.paint();
  }

  /** The point under the pointer, at the image's edge if it is outside, to a hundredth of a pixel. */
  #inside(event) {
    const {rows, columns} = this.#viewer.radiograph;
    const {x, y} = this.#viewer.imagePoint(event);
    const within = (value, most) => Math.round(100 * Math.max(0, Math.min(most, value))) / 100;
    return {x: within(x, columns), y: within(y, rows)};
  }

  /** Shows everything where it is now. */
  paint() {
    const shapes = this.#regions.map(({region, own}) => this.#path(region.shape, region.points, own ? 'own' : 'other'));
    if (this.#begun?.length > 1) {
      shapes.push(this.#path(this.#shape, pointsOf(this.#shape, this.#begun), 'own'));
    }
    this.#svg.replaceChildren(...(this.#viewer.radiograph ? shapes : []));
  }

  #path(shape, points, kind) {
    const path = document.createElementNS(SVG, 'polygon');
    path.classList.add(kind);
    const corners = outline(shape, points).map(([x, y]) => this.#viewer.screenPoint({x, y}));
    path.setAttribute('points', corners.map(({x, y}) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '));
    return path;
  }
}

/** As the API has them: [column, row]. */
function pointsOf(shape, drawn) {
  if (shape === 'polygon') {
    return drawn.map(({x, y}) => [x, y]);
  }
  const [a, b = a] = drawn;
  if (shape === 'box') {
    return [[a.x, a.y], [b.x, b.y]];
  }
  const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  return [[Math.min(a.x, b.x), y], [Math.max(a.x, b.x), y], [x, Math.min(a.y, b.y)], [x, Math.max(a.y, b.y)]];
}

function hasArea(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const span = values => Math.max(...values) - Math.min(...values);
  return points.length > 1 && span(xs) >= 1 && span(ys) >= 1;
}

/** The corners of a shape, of an ellipse 64 points on it. */
export function outline(shape, points) {
  if (shape === 'box') {
    const [[left, top], [right, bottom]] = points;
    return [[left, top], [right, top], [right, bottom], [left, bottom]];
  }
  if (shape === 'ellipse') {
    const [a, b, c, d] = points;
    const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    return Array.from({length: 64}, (_, i) => {
      const [cos, sin] = [Math.cos(i * Math.PI / 32) / 2, Math.sin(i * Math.PI / 32) / 2];
      return [x + cos * (b[0] - a[0]) + sin * (d[0] - c[0]), y + cos * (b[1] - a[1]) + sin * (d[1] - c[1])];
    });
  }
  return points;
}

/** Buttons of the tools, and their keys. */
export function connectTools(drawing) {
  const tools = {box: byId('draw-box'), ellipse: byId('draw-ellipse'), polygon: byId('draw-polygon')};
  for (const [shape, button] of Object.entries(tools)) {
    button.addEventListener('click', () => drawing.take(shape));
  }
  drawing.chosen = shape => {
    for (const [each, button] of Object.entries(tools)) {
      button.setAttribute('aria-pressed', String(each === shape));
    }
  };
}
