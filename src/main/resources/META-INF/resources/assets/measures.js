import {stroke} from './strokes.js';
import {number, t} from './texts.js';

/** Radians of a corner to whole degrees: a mouse is no more exact. */
const DEGREES = 180 / Math.PI;

/**
 * Ruler and angle. Points are in source pixels, so what was measured stays in its place when the image
 * is turned or zoomed; they are of one frame and not kept.
 */
export class Measures {
  #viewer;
  #made = []; // {points, needed}
  #drawn = null; // the one in the making

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.layers.push((context, placement, ratio) => this.#paint(context, placement, ratio));
  }

  /**
   * A tool of the viewer: by dragging, or by clicks or presses of Enter, one for each point.
   *
   * @param needed 2 points for a length, 3 for an angle
   */
  tool(needed) {
    const follow = point => {
      this.#drawn?.points.splice(-1, 1, point);
      this.#viewer.refresh();
    };
    return {
      start: point => {
        if (!this.#drawn) {
          this.#drawn = {needed, points: [point, point]};
          this.#made.push(this.#drawn);
        }
        follow(point);
      },
      move: follow,
      end: point => {
        const points = this.#drawn?.points ?? [];
        const [before, last] = points.slice(-2);
        if (!last || before.x === last.x && before.y === last.y) {
          return; // the last point is not placed yet: it follows the pointer
        }
        if (points.length < needed) {
          points.push(point);
        } else {
          this.#drawn = null;
        }
        this.#viewer.refresh();
      },
      stop: () => {
        this.#made = this.#made.filter(measure => measure !== this.#drawn);
        this.#drawn = null;
        this.#viewer.refresh();
      },
    };
  }

  clear() {
    this.#made = [];
    this.#drawn = null;
    this.#viewer.refresh();
  }

  /** What was measured, in words. */
  get texts() {
    return this.#made.map(measure => said(measure, this.#viewer.radiograph.meta));
  }

  #paint(context, placement, ratio) {
    for (const measure of this.#made) {
      const path = new Path2D();
      const on = measure.points.map(point => placement.screen(point));
      path.moveTo(on[0].x, on[0].y);
      on.slice(1).forEach(({x, y}) => path.lineTo(x, y));
      on.forEach(({x, y}) => {
        path.moveTo(x + 3 * ratio, y);
        path.arc(x, y, 3 * ratio, 0, 2 * Math.PI);
      });
      stroke(context, path, '#ffe066', {width: 1.5 * ratio, edged: 4 * ratio});
      context.font = `${13 * ratio}px Inter, sans-serif`;
      context.lineWidth = 3 * ratio;
      context.strokeStyle = 'rgb(0 0 0 / 0.8)';
      context.fillStyle = '#ffe066';
      const at = measure.needed === 3 ? on[1] : on.at(-1);
      const text = said(measure, this.#viewer.radiograph.meta);
      context.strokeText(text, at.x + 8 * ratio, at.y - 8 * ratio);
      context.fillText(text, at.x + 8 * ratio, at.y - 8 * ratio);
    }
  }
}

function said({points, needed}, meta) {
  return needed === 3 ? (points.length === 3 ? t('viewer.degrees', {degrees: number(angle(points, meta))}) : '') : inWords(points, meta);
}

function inWords(points, meta) {
  const {value, millimetres} = length(points, meta);
  return millimetres ? t(`viewer.mm.${meta.pixelSpacingAt}`, {mm: number(value, 1)}) : t('viewer.pixels', {n: Math.round(value)});
}

/**
 * @param meta `pixelSpacing` [row, column] in mm or null, `pixelAspect`
 * @returns millimetres where the image states the size of its pixels, else widths of a pixel
 */
export function length([from, to], {pixelSpacing, pixelAspect}) {
  const [down, across] = pixelSpacing ?? [pixelAspect, 1];
  return {value: Math.hypot((to.x - from.x) * across, (to.y - from.y) * down), millimetres: pixelSpacing !== null};
}

/** The angle at the second of three points in degrees, 0 to 180, with pixels of their true shape. */
export function angle([first, corner, last], {pixelAspect}) {
  const to = ({x, y}) => Math.atan2((y - corner.y) * pixelAspect, x - corner.x);
  const between = Math.abs(to(first) - to(last)) * DEGREES;
  return between > 180 ? 360 - between : between;
}
