package org.m2ib.lab.phantom;

import java.util.random.RandomGenerator;

/**
 * The chest of one phantom without findings: position and drawing of its parts. Values are
 * densities, about 0 for air and 0.7 for bone.
 */
final class Anatomy {
  /** One lung. {@code sign}: -1 towards the image's left edge (the patient's right). */
  record Lung(int sign, float x, float y, float rx, float ry, float dome, Raster shape) {}

  /** Density of a lung below the surrounding tissue. */
  private static final float LUNG = 0.36f;

  final int size;
  final float middle;
  final Lung right;
  final Lung left;
  private final RandomGenerator random;

  Anatomy(int size, RandomGenerator random) {
    this.size = size;
    this.random = random;
    this.middle = 0.5f + spread(0.03f);
    float rx = 0.165f + spread(0.015f);
    float ry = 0.335f + spread(0.025f);
    float y = 0.47f + spread(0.02f);
    this.right = lung(-1, y, rx * 1.04f, ry, -0.02f);
    this.left = lung(1, y + 0.005f, rx, ry, 0);
  }

  private Lung lung(int sign, float y, float rx, float ry, float lift) {
    float x = middle + sign * (0.205f + spread(0.01f));
    float dome = y + ry * (0.66f + spread(0.04f)) + lift;
    Raster shape =
        Raster.of(
            size,
            (px, py) -> {
              float v = (py - y) / ry;
              float u = (px - x) / (rx * (1 + 0.2f * v));
              float d = (float) Math.sqrt(u * u + v * v);
              float edge = dome + 0.13f * u * u * (u * sign > 0 ? 1 : 0.6f);
              return (1 - Raster.step(0.93f, 1.04f, d))
                  * (1 - Raster.step(-0.012f, 0.012f, py - edge));
            });
    return new Lung(sign, x, y, rx, ry, dome, shape);
  }

  Lung lung(PhantomSide side) {
    return side == PhantomSide.RIGHT ? right : left;
  }

  Raster lungs() {
    return right.shape.copy().add(left.shape, 1);
  }

  /** Tissue around the chest, shoulders and abdomen, minus the lungs' air. */
  Raster trunk() {
    float width = 0.475f + spread(0.03f);
    float shoulder = 0.16f + spread(0.03f);
    Raster body =
        Raster.of(
            size,
            (x, y) -> {
              float u = Math.abs(x - middle);
              float neck =
                  0.09f
                      + 0.9f
                          * Math.max(0, y - shoulder * 0.45f)
                          * Math.max(0, y - shoulder * 0.45f)
                          * 40;
              float half = Math.min(width + 0.08f * (y - 0.5f), neck);
              return 1 - Raster.step(half - 0.03f, half + 0.02f, u);
            });
    Raster trunk =
        Raster.of(
            size,
            (x, y) -> {
              float u = (x - middle) / 0.55f;
              return 0.5f + 0.1f * (1 - u * u) + 0.08f * Raster.step(0.6f, 0.95f, y);
            });
    trunk.add(Raster.noise(size, random, size / 5f), 0.02f);
    trunk.multiply(body);
    trunk.add(right.shape, -LUNG - spread(0.03f)).add(left.shape, -LUNG - spread(0.03f));
    if (random.nextFloat() < 0.6f) { // air in the stomach
      float top = left.dome + 0.07f;
      trunk.add(
          Raster.ellipse(
              size, left.x - 0.02f, top, 0.05f + spread(0.02f), 0.03f, spread(0.3f), 0.3f),
          -0.12f);
    }
    for (Lung lung : new Lung[] {right, left}) { // breast shadows
      Raster breast =
          Raster.ellipse(
              size, lung.x + lung.sign * 0.02f, lung.dome - 0.03f, 0.15f, 0.15f, 0, 0.25f);
      trunk.add(breast, 0.05f * random.nextFloat());
    }
    return trunk;
  }

  /** Spine, great vessels and windpipe. */
  Raster mediastinum() {
    float half = 0.055f + spread(0.008f);
    float phase = random.nextFloat();
    float knob = 0.31f + spread(0.02f);
    Raster knobShape = Raster.ellipse(size, middle + 0.06f, knob, 0.035f, 0.05f, 0, 0.35f);
    Raster column =
        Raster.of(
            size,
            (x, y) -> {
              float u = Math.abs(x - middle) / half;
              float beat = y * 13 + phase;
              float disc = Math.abs(beat - (int) beat - 0.5f) * 2; // 1 at a disc, 0 in a vertebra
              float spine =
                  (1 - Raster.step(0.45f, 0.75f, u)) * (0.05f - 0.04f * Raster.step(0.6f, 1, disc));
              float soft = (1 - Raster.step(0.6f, 1.5f, u)) * 0.13f;
              float pipe =
                  (1 - Raster.step(0.18f, 0.34f, u)) * (1 - Raster.step(0.3f, 0.36f, y)) * -0.14f;
              return spine + soft + pipe;
            });
    return column.add(knobShape, 0.1f);
  }

  /**
   * @param large whether it is wider than half the chest
   */
  Raster heart(boolean large) {
    float rx = large ? 0.225f + spread(0.02f) : 0.13f + spread(0.012f);
    float ry = large ? 0.17f + spread(0.01f) : 0.135f + spread(0.01f);
    float x = middle + (large ? 0.055f : 0.04f);
    float y = 0.635f + spread(0.015f);
    return Raster.ellipse(size, x, y, rx, ry, 0.4f + spread(0.08f), 0.09f);
  }

  /** Vessels from each hilum, tapering outwards. */
  Raster vessels() {
    Raster vessels = new Raster(size);
    for (Lung lung : new Lung[] {right, left}) {
      Raster tree = new Raster(size);
      float x0 = middle + lung.sign * 0.075f;
      float y0 = 0.45f + spread(0.015f) - 0.01f * lung.sign;
      for (int i = 0; i < 11; i++) {
        float angle = (float) ((i + random.nextFloat()) / 11 * 2.9 - 1.45);
        branch(tree, x0, y0, angle, lung.sign, 0.011f, 0.15f + 0.1f * random.nextFloat(), 3);
      }
      Raster hilum = Raster.ellipse(size, x0, y0 + 0.02f, 0.035f, 0.07f, 0.3f * lung.sign, 0.6f);
      vessels.add(tree.multiply(lung.shape), 0.09f).add(hilum, 0.09f);
    }
    return vessels;
  }

  private void branch(
      Raster on, float x, float y, float angle, int sign, float width, float length, int forks) {
    float bend = angle + spread(0.15f);
    float x1 = x + sign * length * (float) StrictMath.cos(bend);
    float y1 = y + length * (float) StrictMath.sin(bend);
    on.stroke(width, x, y, x1, y1);
    if (forks > 0) {
      float next = length * (0.55f + spread(0.1f));
      branch(on, x1, y1, bend + 0.3f + spread(0.15f), sign, width * 0.72f, next, forks - 1);
      branch(on, x1, y1, bend - 0.3f + spread(0.15f), sign, width * 0.72f, next, forks - 1);
    }
  }

  /** Ribs and clavicles: bands with brighter edges. */
  Raster bones() {
    float first = 0.12f + spread(0.015f);
    float gap = 0.078f + spread(0.004f);
    float slope = 0.14f + spread(0.03f);
    Raster bones = new Raster(size);
    for (int sign = -1; sign <= 1; sign += 2) {
      int side = sign;
      for (int k = 0; k < 8; k++) {
        float top = first + k * gap;
        float reach = 0.26f + 0.035f * Math.min(k, 4);
        float half = 0.012f + 0.001f * k;
        bones.add(
            side < 0 ? middle - reach : middle,
            top - 0.05f,
            side < 0 ? middle : middle + reach,
            top + 0.28f,
            (x, y) -> {
              float u = (x - middle) * side;
              if (u < 0.03f || u > reach) {
                return 0;
              }
              float w = u / reach;
              float back = top + slope * 0.35f * w - 0.06f * w * (1 - w) + 0.16f * w * w * w;
              float front = top + gap * 1.55f + 0.2f * (1 - w) * w + 0.04f * (1 - w);
              float fade =
                  w > 0.55f
                      ? 0.7f * Raster.step(0.5f, 0.65f, w) * (1 - Raster.step(0.9f, 1, w))
                      : 0;
              return 0.06f
                  * (band(y - back, half) * (1 - Raster.step(0.95f, 1, w))
                      + band(y - front, half) * fade);
            });
      }
      float inner = 0.2f + spread(0.015f);
      float outer = 0.12f + spread(0.02f);
      bones.add(
          side < 0 ? middle - 0.36f : middle,
          0.02f,
          side < 0 ? middle : middle + 0.36f,
          0.32f,
          (x, y) -> {
            float u = (x - middle) * side;
            if (u < 0.035f || u > 0.36f) {
              return 0;
            }
            float w = (u - 0.035f) / 0.325f;
            float line = inner + (outer - inner) * w + 0.05f * w * (1 - w) * (1 - 2 * w);
            return 0.1f * band(y - line, 0.016f);
          });
    }
    return bones;
  }

  private static float band(float distance, float half) {
    float d = Math.abs(distance) / half;
    return (1 - Raster.step(0.8f, 1.25f, d)) * (0.55f + 0.45f * Raster.step(0.3f, 0.9f, d));
  }

  private float spread(float most) {
    return (2 * random.nextFloat() - 1) * most;
  }
}
