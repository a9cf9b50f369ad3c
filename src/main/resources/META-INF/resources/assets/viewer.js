/** Draws the image, the map and the outlines on a canvas: drag for the window, wheel for zoom, pan. */

const MOST_ZOOM = 40;
const REST = 150; // milliseconds without a move, after which what was painted in a hurry is painted well
export const OUTLINE_COLOURS = ['#7df9ff', '#b8ff7d', '#ff9df5', '#ffffff'];

export class Viewer {
  #canvas;
  #context;
  #radiograph = null;
  #map = null;
  #layer = null; // the map as it looks now
  #zoom = 1;
  #center = {x: 0.5, y: 0.5};
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
    this.look = {invert: false, showMap: true, showOutlines: true, blend: 0.55, threshold: 0, colours: null};
    new ResizeObserver(() => this.#draw()).observe(canvas);
    this.#listen();
  }

  get radiograph() {
    return this.#radiograph;
  }

  get zoom() {
    return this.#zoom;
  }

  show(radiograph) {
    this.#radiograph = radiograph;
    this.#map = null;
    this.#layer = null;
    this.reset();
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
  }

  reset() {
    this.#zoom = 1;
    this.#center = {x: 0.5, y: 0.5};
    this.#radiograph?.resetWindow();
    this.#rest();
  }

  /** Device pixels per source pixel across and down, and the position of the image's corner. */
  #place() {
    const {width, height} = this.#canvas;
    const {rows, columns, meta: {pixelAspect}} = this.#radiograph;
    const scale = Math.min(width / columns, height / (rows * pixelAspect)) * this.#zoom;
    const scaleY = scale * pixelAspect;
    return {
      scale,
      scaleY,
      left: Math.round(width / 2 - this.#center.x * columns * scale), // whole, so that ×1 is not blurred
      top: Math.round(height / 2 - this.#center.y * rows * scaleY),
    };
  }

  /** The point of the image under the pointer, in its pixels: (0, 0) is the corner of the first. */
  imagePoint(event) {
    return this.#source(event);
  }

  /** Where a point of the image is on the screen, in CSS pixels from the canvas's corner. */
  screenPoint({x, y}) {
    const {scale, scaleY, left, top} = this.#place();
    const ratio = this.#canvas.width / this.#canvas.clientWidth;
    return {x: (left + x * scale) / ratio, y: (top + y * scaleY) / ratio};
  }

  /** The source point under the pointer. */
  #source(event) {
    const box = this.#canvas.getBoundingClientRect();
    const {scale, scaleY, left, top} = this.#place();
    return {
      x: ((event.clientX - box.left) * this.#canvas.width / box.width - left) / scale,
      y: ((event.clientY - box.top) * this.#canvas.height / box.height - top) / scaleY,
    };
  }

  zoomBy(factor, at = null) {
    if (!this.#radiograph) {
      return;
    }
    const zoom = Math.max(1, Math.min(MOST_ZOOM, this.#zoom * factor));
    if (at) { // what is under the pointer stays there
      const {rows, columns} = this.#radiograph;
      const kept = this.#zoom / zoom;
      this.#center.x = at.x / columns + (this.#center.x - at.x / columns) * kept;
      this.#center.y = at.y / rows + (this.#center.y - at.y / rows) * kept;
    }
    this.#zoom = zoom;
    this.#keepInside();
    this.#move();
  }

  /** @param across and down in CSS pixels */
  panBy(across, down) {
    if (!this.#radiograph) {
      return;
    }
    const {scale, scaleY} = this.#place();
    const ratio = this.#canvas.width / this.#canvas.clientWidth;
    this.#center.x -= across * ratio / scale / this.#radiograph.columns;
    this.#center.y -= down * ratio / scaleY / this.#radiograph.rows;
    this.#keepInside();
    this.#move();
  }

  /** Draws a quick preview, then in full detail when the interaction stops. */
  #move() {
    clearTimeout(this.#moving);
    this.#moving = setTimeout(() => this.#rest(), REST);
    this.#draw();
  }

  #rest() {
    clearTimeout(this.#moving);
    this.#moving = 0;
    this.#draw();
  }

  #keepInside() {
    if (this.#zoom === 1) {
      this.#center = {x: 0.5, y: 0.5};
    }
    this.#center.x = Math.max(0, Math.min(1, this.#center.x));
    this.#center.y = Math.max(0, Math.min(1, this.#center.y));
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
      this.#pointers.set(event.pointerId, {x: event.clientX, y: event.clientY, pan: this.#space || event.button > 0});
    });
    canvas.addEventListener('pointermove', event => this.#pointer(event));
    for (const end of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(end, event => this.#pointers.delete(event.pointerId));
    }
    canvas.addEventListener('pointerleave', () => this.pointed(null));
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

  #pointer(event) {
    if (!this.#radiograph) {
      return;
    }
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      this.pointed(this.#source(event));
      return;
    }
    const across = event.clientX - before.x;
    const down = event.clientY - before.y;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) { // two fingers: zoom between them and pan
      const apart = p => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
      this.zoomBy(apart({x: event.clientX, y: event.clientY}) / apart(before), this.#source(event));
      this.panBy(across / 2, down / 2);
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
    if (step && event.shiftKey) {
      this.windowBy(step[0] * 10, step[1] * 10);
    } else if (step && this.#zoom > 1) {
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
    const {rows, columns, outlines} = this.#radiograph;
    const {scale, scaleY, left, top} = this.#place();
    const sight = [-left / scale, -top / scaleY, (width - left) / scale, (height - top) / scaleY];
    const grey = this.#radiograph.paint({scale: Math.max(scale, scaleY), hurry: this.#moving !== 0, invert: this.look.invert,
      sight: sight.map((v, i) => Math.max(0, Math.min(i % 2 ? rows : columns, v)))});
    context.imageSmoothingQuality = 'low'; // bilinear: at a pixel's centre its own grey
    context.setTransform(scale, 0, 0, scaleY, left, top);
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
        this.#stroke(context, path, 3.5 * ratio / scale, 'rgb(0 0 0 / 0.7)');
        this.#stroke(context, path, 1.5 * ratio / scale, OUTLINE_COLOURS[i % OUTLINE_COLOURS.length]);
      });
    }
  }

  #stroke(context, path, width, colour) {
    context.lineWidth = width;
    context.lineCap = 'round';
    context.strokeStyle = colour;
    context.stroke(path);
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
