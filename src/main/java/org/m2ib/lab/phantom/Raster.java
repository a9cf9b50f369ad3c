package org.m2ib.lab.phantom;

import java.util.random.RandomGenerator;

/**
 * A square image to draw on. Coordinates are fractions of its side: x from the patient's right to
 * left, y down. Pixels are computed with + - * / and square roots only, which every machine rounds
 * alike.
 */
final class Raster {
  /** A value at a point. */
  interface Field {
    float at(float x, float y);
  }

  final int size;
  final float[] values;

  Raster(int size) {
    this.size = size;
    this.values = new float[size * size];
  }

  static Raster of(int size, Field field) {
    return new Raster(size).fill(0, 0, 1, 1, field);
  }

  /** Sets the pixels of a rectangle. */
  Raster fill(float left, float top, float right, float bottom, Field field) {
    int x0 = Math.max(0, (int) (left * size));
    int y0 = Math.max(0, (int) (top * size));
    int x1 = Math.min(size, (int) (right * size) + 1);
    int y1 = Math.min(size, (int) (bottom * size) + 1);
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        values[y * size + x] = field.at((x + 0.5f) / size, (y + 0.5f) / size);
      }
    }
    return this;
  }

  /** An ellipse: 1 inside, 0 outside, with a soft edge of that share of its radius. */
  static Raster ellipse(int size, float cx, float cy, float rx, float ry, float angle, float soft) {
    float c = (float) StrictMath.cos(angle);
    float s = (float) StrictMath.sin(angle);
    float reach = Math.max(rx, ry) * (1 + soft);
    return new Raster(size)
        .fill(
            cx - reach,
            cy - reach,
            cx + reach,
            cy + reach,
            (x, y) -> {
              float u = ((x - cx) * c + (y - cy) * s) / rx;
              float v = ((y - cy) * c - (x - cx) * s) / ry;
              return 1 - step(1 - soft, 1 + soft, (float) Math.sqrt(u * u + v * v));
            });
  }

  /** A stroke along points x0, y0, x1, y1, ...: 1 on it, 0 from {@code width} on. */
  Raster stroke(float width, float... points) {
    for (int i = 0; i + 3 < points.length; i += 2) {
      float x0 = points[i];
      float y0 = points[i + 1];
      float dx = points[i + 2] - x0;
      float dy = points[i + 3] - y0;
      float length = dx * dx + dy * dy + 1e-9f;
      fill(
          Math.min(x0, x0 + dx) - width,
          Math.min(y0, y0 + dy) - width,
          Math.max(x0, x0 + dx) + width,
          Math.max(y0, y0 + dy) + width,
          (x, y) -> {
            float t = clamp(((x - x0) * dx + (y - y0) * dy) / length, 0, 1);
            float u = x - x0 - t * dx;
            float v = y - y0 - t * dy;
            float d = 1 - Math.min(1, (u * u + v * v) / (width * width));
            return Math.max(at(x, y), d * d);
          });
    }
    return this;
  }

  /** Adds a field to the pixels of a rectangle. */
  Raster add(float left, float top, float right, float bottom, Field field) {
    return fill(left, top, right, bottom, (x, y) -> at(x, y) + field.at(x, y));
  }

  private float at(float x, float y) {
    return values[(int) (y * size) * size + (int) (x * size)];
  }

  /** Adds another image times a factor. */
  Raster add(Raster other, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] += factor * other.values[i];
    }
    return this;
  }

  Raster multiply(Raster other) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= other.values[i];
    }
    return this;
  }

  /** Raises the pixels under a shape to at least a level. */
  Raster lift(Raster shape, float level) {
    for (int i = 0; i < values.length; i++) {
      float a = shape.values[i];
      values[i] = Math.max(values[i], values[i] * (1 - a) + a * level);
    }
    return this;
  }

  Raster copy() {
    Raster copy = new Raster(size);
    System.arraycopy(values, 0, copy.values, 0, values.length);
    return copy;
  }

  boolean[] above(float threshold) {
    boolean[] mask = new boolean[values.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = values[i] > threshold;
    }
    return mask;
  }

  /**
   * Smooth noise with standard deviation about 1 and details of about {@code cell} pixels: random
   * numbers on a lattice, smoothly interpolated.
   */
  static Raster noise(int size, RandomGenerator random, float cell) {
    int n = (int) (size / cell) + 3;
    float[] lattice = new float[n * n];
    for (int i = 0; i < lattice.length; i++) {
      lattice[i] = bell(random) * 1.6f; // interpolation reduces the variance
    }
    float shiftX = random.nextFloat();
    float shiftY = random.nextFloat();
    Raster noise = new Raster(size);
    for (int y = 0; y < size; y++) {
      float v = y / cell + shiftY;
      int row = (int) v;
      float b = step(0, 1, v - row);
      for (int x = 0; x < size; x++) {
        float u = x / cell + shiftX;
        int column = (int) u;
        float a = step(0, 1, u - column);
        int at = row * n + column;
        float top = lattice[at] + a * (lattice[at + 1] - lattice[at]);
        float bottom = lattice[at + n] + a * (lattice[at + n + 1] - lattice[at + n]);
        noise.values[y * size + x] = top + b * (bottom - top);
      }
    }
    return noise;
  }

  /** Approximately normal, standard deviation 1: a sum of four uniform numbers. */
  static float bell(RandomGenerator random) {
    long bits = random.nextLong();
    float sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += (bits & 0xFFFF) / 65536f;
      bits >>>= 16;
    }
    return (sum - 2) * 1.7320508f;
  }

  /** 0 below {@code from}, 1 above {@code to}, smooth in between. */
  static float step(float from, float to, float x) {
    float t = clamp((x - from) / (to - from), 0, 1);
    return t * t * (3 - 2 * t);
  }

  static float clamp(float x, float least, float most) {
    return Math.max(least, Math.min(most, x));
  }
}
