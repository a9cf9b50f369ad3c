import {Placement} from './placement.js';
import {stroke} from './strokes.js';

/** Draws the image, the map and the outlines on a canvas: drag for the window or a tool, wheel for zoom, pan. */

const MOST_ZOOM = 40;
const MAGNIFIED = 3; // times
const MAGNIFIER = 110; // radius in CSS pixels
const REST = 150; // milliseconds without a move, after which what was painted in a hurry is painted well
export const OUTLINE_COLOURS = ['#7df9ff', '#b8ff7d', '#ff9df5', '#ffffff'];

export class Viewer {
  #canvas;
  #context;
  #radiograph = null;
  #map = null;
  #layer = null; // the map as it looks now
  #view = {zoom: 1, center: {x: 0.5, y: 0.5}, mirrored: false, turns: 0};
  #pointer = null; // where it is, in device pixels
  #tool = null;
  #pointers = new Map();
  #space = false;
  #frame = 0;
  #waiting = [];
  #moving = 0; // a timer, while a person drags

  /**
   * @param changed called after each change of window or zoom
   * @param pointed called with the point under the pointer in source pixels, null when it leaves
   */
  constructor(canvas, {changed, pointed}) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', {alpha: false});
    this.changed = changed;
    this.pointed = pointed;
    /** Called when a person has moved, turned or windowed the image, or changed how it looks. */
    this.moved = () => {};
    this.look = {invert: false, showMap: true, showOutlines: true, blend: 0.55, threshold: 0, patches: false, magnifier: false, colours: null};
    /** What else is drawn, over all: each is called with context, placement and device pixels per CSS pixel. */
    this.layers = [];
    new ResizeObserver(() => this.#draw()).observe(canvas);
    this.#listen();
  }

  get radiograph() {
    return this.#radiograph;
  }

  get zoom() {
    return this.#view.zoom;
  }

  /** Length of a millimetre on the screen, along a row of the image, in device pixels; null if it is not known. */
  get millimetre() {
    const spacing = this.#radiograph?.meta.pixelSpacing;
    return spacing ? this.#place().scale / spacing[1] : null;
  }

  /** `mirrored`, then `turns`, quarter turns clockwise. */
  get view() {
    return {...this.#view};
  }

  /**
   * Draws as another viewer has just drawn: in a hurry if that does.
   *
   * @param view whether its zoom, position and turning are taken too
   */
  follow(other, view) {
    if (view) {
      this.#view = {...other.#view, center: {...other.#view.center}};
    }
    clearTimeout(this.#moving);
    this.#moving = other.#moving === 0 ? 0 : setTimeout(() => this.#rest(), REST);
    this.#draw();
  }

  /** Shows what another viewer shows, in the same window, without its map. */
  showAs(other) {
    this.#map = null;
    this.#layer = null;
    Object.assign(this.look, other.look);
    if (this.#radiograph !== other.#radiograph) {
      this.#radiograph = other.#radiograph;
      this.#view = {...other.#view, center: {...other.#view.center}};
    }
    this.#draw();
  }

  /** What a drag does instead of changing the window: `start`, `move` and `end` with a source point, `stop`; null. */
  set tool(tool) {
    this.#tool?.stop();
    this.#tool = tool;
    this.#canvas.classList.toggle('measuring', tool !== null);
  }

  show(radiograph) {
    this.#radiograph = radiograph;
    this.#map = null;
    this.#layer = null;
    this.#begin();
  }

  /** More samples of the radiograph have been loaded. */
  refresh() {
    this.#draw();
  }

  /** Settles when the latest request is drawn. */
  async painted() {
    this.#draw();
    await new Promise(done => { this.#waiting.push(done); });
  }

  showMap(map) {
    this.#map = map;
    this.#layer = null;
    this.#draw();
  }

  /** Changes the display: any of `invert, showMap, showOutlines, blend, threshold, colours`. */
  change(look) {
    Object.assign(this.look, look);
    this.#layer = null;
    this.#draw();
    this.moved();
  }

  reset() {
    this.#begin();
    this.moved();
  }

  #begin() {
    this.#view = {zoom: 1, center: {x: 0.5, y: 0.5}, mirrored: false, turns: 0};
    this.#radiograph?.resetWindow();
    this.#rest();
  }

  /** @param turns quarter turns clockwise */
  turn(turns) {
    this.#view.turns = (this.#view.turns + turns + 4) % 4;
    this.#settle();
  }

  /** Exchanges left and right as they are on the screen. */
  mirror() {
    this.#view.turns = (4 - this.#view.turns) % 4;
    this.#view.mirrored = !this.#view.mirrored;
    this.#settle();
  }

  /** Shows a pixel of the image as one pixel of the screen. */
  oneToOne() {
    if (this.#radiograph) {
      this.#zoomTo(1 / this.#fit());
    }
  }

  get #image() {
    const {rows, columns, meta: {pixelAspect}} = this.#radiograph;
    return {rows, columns, aspect: pixelAspect};
  }

  #fit() {
    return Placement.fit(this.#image, this.#canvas, this.#view.turns);
  }

  #place() {
    return Placement.of(this.#image, this.#canvas, this.#view);
  }

  #device(event) {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * this.#canvas.width / box.width,
      y: (event.clientY - box.top) * this.#canvas.height / box.height,
    };
  }

  /** The point of the image under the pointer, in its pixels: (0, 0) is the corner of the first. */
  imagePoint(event) {
    return this.#source(event);
  }

  /** Where a point of the image is on the screen, in CSS pixels from the canvas's corner. */
  screenPoint(point) {
    const {x, y} = this.#place().screen(point);
    const ratio = this.#canvas.width / this.#canvas.clientWidth;
    return {x: x / ratio, y: y / ratio};
  }

  /** The point of the image at a point of the screen, in CSS pixels from the canvas's corner. */
  pointAt({x, y}) {
    const ratio = this.#canvas.width / this.#canvas.clientWidth;
    return this.#place().source({x: x * ratio, y: y * ratio});
  }

  /** The source point under the pointer. */
  #source(event) {
    return this.#place().source(this.#device(event));
  }

  zoomBy(factor, at = null) {
    if (!this.#radiograph) {
      return;
    }
    this.#zoomTo(this.#view.zoom * factor, at);
  }

  #zoomTo(wanted, at = null) {
    const least = Math.min(1, 1 / this.#fit());
    const zoom = Math.max(least, Math.min(Math.max(MOST_ZOOM, least), wanted));
    const {center} = this.#view;
    if (at) { // what is under the pointer stays there
      const {rows, columns} = this.#radiograph;
      const kept = this.#view.zoom / zoom;
      center.x = at.x / columns + (center.x - at.x / columns) * kept;
      center.y = at.y / rows + (center.y - at.y / rows) * kept;
    }
    this.#view.zoom = zoom;
    this.#keepInside();
    this.#move();
  }

  /** @param across and down in CSS pixels */
  panBy(across, down) {
    if (!this.#radiograph) {
      return;
    }
    const ratio = this.#canvas.width / this.#canvas.clientWidth;
    const way = this.#place().along({x: across * ratio, y: down * ratio});
    this.#view.center.x -= way.x / this.#radiograph.columns;
    this.#view.center.y -= way.y / this.#radiograph.rows;
    this.#keepInside();
    this.#move();
  }

  /** Draws a quick preview, then in full detail when the interaction stops. */
  #move() {
    clearTimeout(this.#moving);
    this.#moving = setTimeout(() => this.#rest(), REST);
    this.#draw();
    this.moved();
  }

  #settle() {
    this.#rest();
    this.moved();
  }

  #rest() {
    clearTimeout(this.#moving);
    this.#moving = 0;
    this.#draw();
  }

  #keepInside() {
    if (this.#view.zoom <= 1) {
      this.#view.center = {x: 0.5, y: 0.5};
    }
    const {center} = this.#view;
    center.x = Math.max(0, Math.min(1, center.x));
    center.y = Math.max(0, Math.min(1, center.y));
  }

  /** @param across and up in CSS pixels; 500 pixels span the whole range */
  windowBy(across, up) {
    this.#radiograph?.moveWindow(across / 500, up / 500);
    this.#move();
  }

  #listen() {
    const canvas = this.#canvas;
    canvas.addEventListener('contextmenu', event => event.preventDefault());
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      const pan = this.#space || event.button > 0;
      const tool = this.#radiograph && !pan && this.#pointers.size === 0 ? this.#tool : null;
      this.#pointers.set(event.pointerId, {x: event.clientX, y: event.clientY, pan, tool});
      tool?.start(this.#source(event));
    });
    canvas.addEventListener('pointermove', event => this.#pointerMoved(event));
    for (const end of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(end, event => {
        const tool = this.#pointers.get(event.pointerId)?.tool;
        this.#pointers.delete(event.pointerId);
        if (this.#radiograph) {
          tool?.end(this.#source(event));
        }
      });
    }
    canvas.addEventListener('pointerleave', () => {
      this.#pointer = null;
      this.pointed(null);
      if (this.look.magnifier) {
        this.#draw();
      }
    });
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      if (this.#radiograph) {
        this.zoomBy(Math.exp(-event.deltaY / 400), this.#source(event));
      }
    }, {passive: false});
    canvas.addEventListener('keydown', event => this.#key(event));
    window.addEventListener('keyup', event => {
      this.#space = this.#space && event.key !== ' ';
      canvas.classList.toggle('panning', this.#space);
    });
    window.addEventListener('keydown', event => {
      if (event.key === ' ' && [canvas, document.body].includes(event.target)) {
        event.preventDefault();
        this.#space = true;
        canvas.classList.add('panning');
      }
    });
  }

  #pointerMoved(event) {
    if (!this.#radiograph) {
      return;
    }
    this.#pointer = this.#device(event);
    if (this.look.magnifier) {
      this.#draw();
    }
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      this.pointed(this.#source(event));
      this.#tool?.move(this.#source(event));
      return;
    }
    const across = event.clientX - before.x;
    const down = event.clientY - before.y;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) { // two fingers: zoom between them and pan
      const apart = p => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
      this.zoomBy(apart({x: event.clientX, y: event.clientY}) / apart(before), this.#source(event));
      this.panBy(across / 2, down / 2);
    } else if (before.tool) {
      before.tool.move(this.#source(event));
    } else if (before.pan) {
      this.panBy(across, down);
    } else {
      this.windowBy(across, -down);
    }
    before.x = event.clientX;
    before.y = event.clientY;
  }

  #key(event) {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (this.#tool && this.#radiograph && (step || event.key === 'Enter')) {
      this.#pointByKey(step, event.shiftKey ? 20 : 2);
    } else if (step && event.shiftKey) {
      this.windowBy(step[0] * 10, step[1] * 10);
    } else if (step && this.#view.zoom > 1) {
      this.panBy(-step[0] * 40, step[1] * 40);
    } else if (event.key === '+' || event.key === '=') {
      this.zoomBy(1.25);
    } else if (event.key === '-') {
      this.zoomBy(0.8);
    } else {
      return; // arrows choose sentences where there is nothing to pan
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** A tool without a mouse: arrows move its point, Enter places it. */
  #pointByKey(step, far) {
    const {width, height} = this.#canvas;
    const at = this.#pointer ??= {x: width / 2, y: height / 2};
    if (step) {
      at.x = Math.max(0, Math.min(width, at.x + step[0] * far));
      at.y = Math.max(0, Math.min(height, at.y - step[1] * far));
      this.#tool.move(this.#place().source(at));
    } else {
      const point = this.#place().source(at);
      this.#tool.start(point);
      this.#tool.end(point);
    }
    this.pointed(this.#place().source(at));
    this.#draw();
  }

  #draw() {
    if (!this.#frame) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#paint();
        this.changed();
        this.#waiting.splice(0).forEach(done => done());
      });
    }
  }

  #paint() {
    const canvas = this.#canvas;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, {width, height});
    }
    const context = this.#context;
    context.resetTransform();
    context.fillRect(0, 0, width, height);
    if (!this.#radiograph) {
      return;
    }
    const placement = this.#place();
    this.#paintScene(placement, placement.sight(this.#radiograph, 0, 0, width, height), ratio);
    if (this.look.magnifier && this.#pointer) {
      this.#paintMagnified(placement, ratio);
    }
    if (this.#tool && this.#pointer) {
      this.#paintCross(ratio);
    }
  }

  /** @param sight the part of the source to paint */
  #paintScene(placement, sight, ratio) {
    const context = this.#context;
    const {rows, columns, outlines} = this.#radiograph;
    const {scale, scaleY} = placement;
    const grey = this.#radiograph.paint({scale: Math.max(scale, scaleY), hurry: this.#moving !== 0, invert: this.look.invert, sight});
    context.imageSmoothingQuality = 'low'; // bilinear: at a pixel's centre its own grey
    context.setTransform(...placement.matrix);
    drawFrom(context, grey, this.#radiograph);
    if (this.#map && this.look.showMap) {
      this.#layer ??= this.#map.paint(this.look);
      context.drawImage(this.#layer, 0, 0, columns, rows);
    }
    if (this.#map) {
      this.#paintSquare(context, ratio / scale);
    }
    if (this.look.showOutlines) {
      outlines.forEach(({path}, i) => {
        stroke(context, path, OUTLINE_COLOURS[i % OUTLINE_COLOURS.length], {width: 1.5 * ratio / scale, edged: 3.5 * ratio / scale});
      });
    }
    context.resetTransform();
    this.layers.forEach(layer => layer(context, placement, ratio));
  }

  #paintMagnified(placement, ratio) {
    const context = this.#context;
    const {x, y} = this.#pointer;
    const radius = MAGNIFIER * ratio;
    const circle = new Path2D();
    circle.arc(x, y, radius, 0, 2 * Math.PI);
    context.save();
    context.clip(circle);
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    const near = placement.enlarged(MAGNIFIED, this.#pointer);
    this.#paintScene(near, near.sight(this.#radiograph, x - radius, y - radius, x + radius, y + radius), ratio);
    context.restore();
    stroke(context, circle, '#ffffff', {width: 1.5 * ratio, edged: 1.5 * ratio});
  }

  #paintCross(ratio) {
    const {x, y} = this.#pointer;
    const cross = new Path2D();
    for (const [across, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      cross.moveTo(x + 4 * across * ratio, y + 4 * down * ratio);
      cross.lineTo(x + 12 * across * ratio, y + 12 * down * ratio);
    }
    stroke(this.#context, cross, '#ffffff', {width: ratio, edged: 3 * ratio});
  }

  /** Outlines what the model saw with a dashed line. */
  #paintSquare(context, thin) {
    const [left, top, right, bottom] = this.#map.square();
    if (right - left < this.#radiograph.columns - 1 || bottom - top < this.#radiograph.rows - 1) {
      context.setLineDash([6 * thin, 6 * thin]);
      context.lineWidth = thin;
      context.strokeStyle = 'rgb(255 255 255 / 0.45)';
      context.strokeRect(left, top, right - left, bottom - top);
      context.setLineDash([]);
    }
  }
}

/** The last pixels may cover less than a whole step of the frame: clips them at its edge. */
function drawFrom(context, {canvas, x, y, step}, {rows, columns}) {
  const width = Math.min(canvas.width * step, columns - x * step);
  const height = Math.min(canvas.height * step, rows - y * step);
  context.drawImage(canvas, 0, 0, width / step, height / step, x * step, y * step, width, height);
}
