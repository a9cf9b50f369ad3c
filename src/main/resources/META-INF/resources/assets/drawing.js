import {byId} from './dom.js';
import {t} from './texts.js';
import {placeInShort} from './words.js';

/**
 * Draws a region on the image: a box, an ellipse or a freehand outline. What is drawn is in pixels
 * of the image, so that it stays where it is when the image is moved; an SVG over the canvas shows
 * it. Box and ellipse can be drawn by keys alone: arrows, Space, Enter.
 */
const SVG = 'http://www.w3.org/2000/svg';
const APART = 3; // CSS pixels between two points of a freehand outline
const MOST_POINTS = 500;
const STEP = 4; // CSS pixels for an arrow key
const LARGE_STEP = 40; // with Shift
const LEAST = 1; // image pixels of a side

export class Drawing {
  #viewer;
  #canvas;
  #svg = document.createElementNS(SVG, 'svg');
  #shape = null; // of the tool in hand
  #begun = null; // points of what is being drawn
  #resizing = false; // whether arrow keys change its size, not its place
  #regions = []; // that are shown: {region, own}

  /**
   * @param viewer with `imagePoint(event)`, `pointAt(point)` and `screenPoint(point)`
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
    this.#svg.addEventListener('pointercancel', () => this.stop());
    document.addEventListener('keydown', event => event.key === 'Escape' && this.take(null));
    canvas.addEventListener('keydown', event => this.#key(event), {capture: true}); // before the viewer's arrows
  }

  /** Takes a tool: box, ellipse or polygon; null puts it away, as taking it twice does. */
  take(shape) {
    this.#shape = this.#shape === shape ? null : shape;
    this.#svg.classList.toggle('active', this.#shape !== null);
    this.stop();
    this.chosen(this.#shape);
    if (this.#byKeys) {
      this.#canvas.focus();
    }
  }

  /** Forgets what is being drawn; the tool stays in hand. */
  stop() {
    this.#begun = null;
    this.#resizing = false;
    this.paint();
    this.#tell();
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
    this.#keep();
  }

  #keep() {
    const [shape, points] = [this.#shape, pointsOf(this.#shape, this.#begun)];
    this.stop();
    if (hasArea(points)) {
      this.take(null);
      this.drawn(shape, points);
    }
  }

  /** An outline that follows a hand needs one. */
  get #byKeys() {
    return this.#shape === 'box' || this.#shape === 'ellipse';
  }

  /** Arrows move or resize, Space changes between the two, Enter keeps; the first of these keys places. */
  #key(event) {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!this.#byKeys || !this.#viewer.radiograph || !(step || event.key === 'Enter' || event.key === ' ')
        || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(this.#begun?.length > 1)) {
      if (!event.repeat) {
        this.#place();
      }
    } else if (step) {
      const far = event.shiftKey ? LARGE_STEP : STEP;
      this.#step(step.map(way => way * far));
    } else if (!event.repeat && event.key === ' ') {
      this.#resizing = !this.#resizing;
    } else if (!event.repeat) {
      this.#keep();
      return;
    }
    this.paint();
    this.#tell();
  }

  /** Where the person's region of this shape is; else in the middle of what is in sight, a quarter of it. */
  #place() {
    const own = this.#regions.find(each => each.own && each.region.shape === this.#shape)?.region.points;
    if (own) {
      const [xs, ys] = [own.map(([x]) => x), own.map(([, y]) => y)];
      this.#begun = [{x: Math.min(...xs), y: Math.min(...ys)}, {x: Math.max(...xs), y: Math.max(...ys)}];
      return;
    }
    const {clientWidth, clientHeight} = this.#canvas;
    const corner = far => this.#viewer.pointAt({x: clientWidth * far, y: clientHeight * far});
    const ends = [this.#within(corner(0)), this.#within(corner(1))];
    const [x, y] = ['x', 'y'].map(axis => (ends[0][axis] + ends[1][axis]) / 2);
    const [across, down] = ['x', 'y'].map(axis => Math.max(LEAST, Math.abs(ends[0][axis] - ends[1][axis]) / 4) / 2);
    this.#begun = [this.#within({x: x - across, y: y - down}), this.#within({x: x + across, y: y + down})];
  }

  /** @param way on the screen, as the image lies there: CSS pixels to the right and down */
  #step([right, down]) {
    const {rows, columns} = this.#viewer.radiograph;
    const [from, to] = [this.#viewer.pointAt({x: 0, y: 0}), this.#viewer.pointAt({x: right, y: down})];
    const way = {x: to.x - from.x, y: to.y - from.y};
    const axis = Math.abs(way.x) > Math.abs(way.y) ? 'x' : 'y'; // turned by quarters, so it is along one
    const most = axis === 'x' ? columns : rows;
    const [low, high] = [...this.#begun].sort((a, b) => a[axis] - b[axis]);
    const limited = (value, from, to) => Math.round(100 * Math.max(from, Math.min(to, value))) / 100;
    if (!this.#resizing) {
      const size = high[axis] - low[axis];
      low[axis] = limited(low[axis] + way[axis], 0, most - size);
      high[axis] = low[axis] + size;
    } else if ((right + down > 0) === (way[axis] > 0)) { // the side that is right or at the bottom on the screen
      high[axis] = limited(high[axis] + way[axis], low[axis] + LEAST, most);
    } else {
      low[axis] = limited(low[axis] + way[axis], 0, high[axis] - LEAST);
    }
  }

  /** Says what the keys do now, and where the region is: shown over the image and read aloud. */
  #tell() {
    const said = this.#byKeys ? this.#inWords() : '';
    byId('drawing-said').hidden = said === '';
    if (byId('drawing-said').textContent !== said) {
      byId('drawing-said').textContent = said;
    }
  }

  #inWords() {
    const shape = t(`judging.${this.#shape}`);
    if (!this.#begun || !this.#viewer.radiograph) {
      return t('judging.drawByKeys', {shape});
    }
    const {rows, columns} = this.#viewer.radiograph;
    const [a, b = a] = this.#begun;
    const percent = (from, to, of) => Math.max(1, Math.round(100 * Math.abs(to - from) / of));
    const third = (from, to, of) => Math.min(2, Math.floor(3 * (from + to) / 2 / of));
    const place = placeInShort({patientSide: 'unknown', imageSide: ['left', 'centre', 'right'][third(a.x, b.x, columns)],
      zone: ['upper', 'mid', 'lower'][third(a.y, b.y, rows)]});
    return [t('judging.region', {shape, place, width: percent(a.x, b.x, columns), height: percent(a.y, b.y, rows)}),
      t(this.#resizing ? 'judging.keysResize' : 'judging.keysMove')].join(' ');
  }

  /** The point under the pointer, at the image's edge if it is outside, to a hundredth of a pixel. */
  #inside(event) {
    return this.#within(this.#viewer.imagePoint(event));
  }

  #within({x, y}) {
    const {rows, columns} = this.#viewer.radiograph;
    const within = (value, most) => Math.round(100 * Math.max(0, Math.min(most, value))) / 100;
    return {x: within(x, columns), y: within(y, rows)};
  }

  /** Shows everything where it is now. */
  paint() {
    if (!this.#viewer.radiograph) {
      this.#svg.replaceChildren();
      return;
    }
    const shapes = this.#regions.map(({region, own}) => this.#path(region.shape, region.points, own ? 'own' : 'other'));
    if (this.#begun?.length > 1) {
      shapes.push(this.#path(this.#shape, pointsOf(this.#shape, this.#begun), 'own'));
    }
    this.#svg.replaceChildren(...shapes);
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
  for (const other of [byId('ruler'), byId('angle')]) {
    other.addEventListener('click', () => drawing.take(null)); // one tool in hand
  }
  drawing.chosen = shape => {
    for (const [each, button] of Object.entries(tools)) {
      button.setAttribute('aria-pressed', String(each === shape));
    }
  };
}
