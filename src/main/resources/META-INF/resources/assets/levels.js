/**
 * Renders grey levels of a frame, averaging samples that share a screen pixel: a 15-megapixel image
 * is drawn from about as many pixels as the canvas has.
 *
 * A frame here is `{samples, rows, columns, channels}`, row-major and interleaved; a region is
 * `{x, y, width, height}` in pixels of `step` × `step` samples.
 */

/** Number of pixels of `step` × `step` samples that cover a frame; the last may have fewer samples. */
export function whole({rows, columns}, step) {
  return {x: 0, y: 0, width: Math.ceil(columns / step), height: Math.ceil(rows / step)};
}

/**
 * Renders a region: each pixel is the mean of its samples' grey levels. Where the window clips, that
 * differs from the grey level of their mean.
 *
 * @param table the grey level of each sample value
 */
export function shown(frame, region, step, table) {
  const image = new ImageData(region.width, region.height);
  const rgba = new Uint32Array(image.data.buffer);
  if (step === 1 && frame.channels === 1) {
    single(frame, region, table, rgba);
  } else {
    means(frame, region, step, table, rgba);
  }
  return image;
}

const opaque = (r, g, b) => 0xFF000000 | b << 16 | g << 8 | r;

function single({samples, columns}, {x, y, width, height}, table, rgba) {
  const shades = Uint32Array.from(table, v => opaque(v, v, v));
  for (let row = 0, to = 0; row < height; row++) {
    for (let from = (y + row) * columns + x, end = from + width; from < end; from++, to++) {
      rgba[to] = shades[samples[from]];
    }
  }
}

function means({samples, rows, columns, channels}, {x, y, width, height}, step, table, rgba) {
  const sums = new Float64Array(width * channels);
  const right = Math.min(columns, (x + width) * step) * channels; // in samples of a row
  for (let row = 0, to = 0; row < height; row++) {
    sums.fill(0);
    const bottom = Math.min(rows, (y + row + 1) * step);
    for (let line = (y + row) * step; line < bottom; line++) {
      const start = line * columns * channels;
      for (let pixel = 0, at = x * step * channels; pixel < sums.length; pixel += channels) {
        for (const end = Math.min(right, at + step * channels); at < end; at += channels) {
          for (let c = 0; c < channels; c++) {
            sums[pixel + c] += table[samples[start + at + c]];
          }
        }
      }
    }
    const high = bottom - (y + row) * step;
    for (let column = 0; column < width; column++, to++) {
      const n = high * (Math.min(columns, (x + column + 1) * step) - (x + column) * step);
      const mean = c => Math.round(sums[column * channels + c] / n);
      rgba[to] = channels === 1 ? opaque(mean(0), mean(0), mean(0)) : opaque(mean(0), mean(1), mean(2));
    }
  }
}

/**
 * A frame of half the size, each sample the mean of four, for quick previews.
 *
 * @param padding the padding sample; null if there is none
 */
export function halved({samples, rows, columns, channels}, padding) {
  const half = {rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 2), channels};
  half.samples = new samples.constructor(half.rows * half.columns * channels);
  for (let row = 0, to = 0; row < half.rows; row++) {
    const upper = 2 * row * columns;
    const lower = Math.min(rows - 1, 2 * row + 1) * columns;
    for (let column = 0; column < half.columns; column++) {
      const left = 2 * column;
      const right = Math.min(columns - 1, left + 1);
      for (let c = 0; c < channels; c++, to++) {
        const of = at => samples[at * channels + c];
        half.samples[to] = mean(of(upper + left), of(upper + right), of(lower + left), of(lower + right), padding);
      }
    }
  }
  return half;
}

function mean(a, b, c, d, padding) {
  if (a !== padding && b !== padding && c !== padding && d !== padding) {
    return a + b + c + d + 2 >> 2;
  }
  const values = [a, b, c, d].filter(v => v !== padding);
  return values.length < 2 ? padding : Math.round(values.reduce((sum, v) => sum + v) / values.length);
}
