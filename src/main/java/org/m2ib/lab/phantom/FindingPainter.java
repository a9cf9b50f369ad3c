package org.m2ib.lab.phantom;

import java.util.random.RandomGenerator;

/** Draws one finding onto a phantom and returns the pixels it changed. */
final class FindingPainter {
  private final Raster image;
  private final Anatomy anatomy;
  private final RandomGenerator random;

  FindingPainter(Raster image, Anatomy anatomy, RandomGenerator random) {
    this.image = image;
    this.anatomy = anatomy;
    this.random = random;
  }

  /**
   * @param heart as drawn in the image
   */
  boolean[] paint(Finding finding, Raster heart) {
    Anatomy.Lung lung = anatomy.lung(finding.side());
    float y =
        lung.y()
            + lung.ry()
                * switch (finding.zone()) {
                  case UPPER -> -0.52f;
                  case MIDDLE, NONE -> -0.03f;
                  case LOWER -> 0.43f;
                };
    return switch (finding.type()) {
      case CONSOLIDATION -> consolidation(lung, y);
      case NODULE -> nodule(lung, y);
      case EFFUSION -> effusion(lung);
      case PNEUMOTHORAX -> pneumothorax(lung);
      case CARDIOMEGALY -> heart.above(0.5f);
      case ATELECTASIS -> atelectasis(lung, y);
      case CATHETER -> catheter(lung.sign());
      case OEDEMA -> oedema();
    };
  }

  private boolean[] consolidation(Anatomy.Lung lung, float y) {
    Raster shape =
        ellipse(
            lung.x() + lung.rx() * spread(0.3f),
            y + lung.ry() * spread(0.08f),
            0.085f + spread(0.02f),
            0.075f + spread(0.015f),
            spread(1),
            0.35f);
    shape.add(Raster.noise(image.size, random, image.size / 14f).multiply(shape), 0.22f);
    shape.multiply(lung.shape());
    image.add(shape, 0.24f + spread(0.04f));
    return shape.above(0.4f);
  }

  private boolean[] nodule(Anatomy.Lung lung, float y) {
    float radius = 0.034f + spread(0.007f);
    Raster shape =
        ellipse(
            lung.x() + lung.rx() * spread(0.45f),
            y + lung.ry() * spread(0.1f),
            radius,
            radius * (1 + spread(0.12f)),
            spread(1.5f),
            0.18f);
    image.add(shape, 0.27f + spread(0.04f));
    return shape.above(0.3f);
  }

  /** Fluid that fills the lung's base and rises along the chest wall. */
  private boolean[] effusion(Anatomy.Lung lung) {
    float level = lung.y() + lung.ry() * (0.33f + spread(0.12f));
    Raster shape =
        of(
            (x, y) -> {
              float u = (x - lung.x()) / lung.rx();
              float v = (y - lung.y()) / (lung.ry() * 1.03f);
              float out = u * lung.sign();
              float surface = level - 0.04f * out - 0.07f * Math.max(0, out) * Math.max(0, out);
              float wide = u / (1.03f * (1 + 0.2f * v));
              float inside = 1 - Raster.step(0.95f, 1.03f, (float) Math.sqrt(wide * wide + v * v));
              return inside
                  * Raster.step(-0.02f, 0.02f, y - surface)
                  * (1 - Raster.step(0.9f, 0.97f, v));
            });
    image.lift(shape, 0.62f + spread(0.03f));
    return shape.above(0.5f);
  }

  /** Air beside a collapsed lung: black, without vessels, with a thin line at the edge. */
  private boolean[] pneumothorax(Anatomy.Lung lung) {
    float sink = 0.34f + spread(0.1f);
    float narrow = 0.8f - 0.25f * (sink - 0.24f);
    Raster rest =
        of(
            (x, y) -> {
              float v = (y - lung.y() - lung.ry() * sink) / lung.ry();
              float u =
                  (x - lung.x() + lung.sign() * 0.035f) / (lung.rx() * narrow * (1 + 0.2f * v));
              return 1 - Raster.step(0.96f, 1.0f, (float) Math.sqrt(u * u + v * v));
            });
    float bottom = lung.y() + lung.ry() * 0.25f;
    Raster gap =
        of((x, y) -> 1 - Raster.step(bottom - 0.08f, bottom + 0.05f, y)).multiply(lung.shape());
    Raster line = gap.copy();
    for (int i = 0; i < gap.values.length; i++) {
      float r = rest.values[i];
      gap.values[i] *= 1 - r;
      line.values[i] *= 4 * r * (1 - r);
    }
    float depth = 0.6f + 0.25f * random.nextFloat();
    for (int i = 0; i < gap.values.length; i++) { // towards air, including vessels
      image.values[i] -= gap.values[i] * depth * (image.values[i] - 0.02f);
    }
    image.add(line, 0.16f);
    return gap.above(0.5f);
  }

  private boolean[] atelectasis(Anatomy.Lung lung, float y) {
    float x = lung.x() + spread(0.02f);
    float at = y + lung.ry() * spread(0.1f);
    float angle = spread(0.35f);
    float dx = (0.1f + spread(0.015f)) * (float) StrictMath.cos(angle);
    float dy = 0.1f * (float) StrictMath.sin(angle);
    Raster shape =
        new Raster(image.size).stroke(0.026f + spread(0.005f), x - dx, at - dy, x + dx, at + dy);
    shape.multiply(lung.shape());
    image.add(shape, 0.26f + 0.05f * random.nextFloat());
    return shape.above(0.25f);
  }

  private boolean[] catheter(int sign) {
    float m = anatomy.middle;
    float tip = 0.5f + spread(0.05f);
    float[] way = {
      m + sign * 0.36f,
      0.11f + spread(0.03f),
      m + sign * 0.21f,
      0.2f + spread(0.02f),
      m + sign * 0.08f,
      0.245f + spread(0.01f),
      m - 0.025f,
      0.34f + spread(0.01f),
      m - 0.04f,
      tip
    };
    image.add(new Raster(image.size).stroke(0.0095f, way), 0.3f + spread(0.04f));
    return new Raster(image.size).stroke(0.016f, way).above(0.1f);
  }

  private boolean[] oedema() {
    Raster wings = new Raster(image.size);
    for (Anatomy.Lung lung : new Anatomy.Lung[] {anatomy.right, anatomy.left}) {
      wings.add(
          ellipse(
                  lung.x() - lung.sign() * 0.05f,
                  lung.y() + 0.02f + spread(0.02f),
                  0.1f + spread(0.012f),
                  0.175f + spread(0.02f),
                  lung.sign() * 0.15f,
                  0.45f)
              .multiply(lung.shape()),
          1);
    }
    boolean[] mask = wings.above(0.4f);
    Raster mottle = Raster.noise(image.size, random, image.size / 45f);
    for (int i = 0; i < wings.values.length; i++) {
      wings.values[i] *= Math.max(0.2f, 1 + 0.4f * mottle.values[i]);
    }
    image.add(wings, 0.16f + spread(0.03f));
    return mask;
  }

  private Raster ellipse(float x, float y, float rx, float ry, float angle, float soft) {
    return Raster.ellipse(image.size, x, y, rx, ry, angle, soft);
  }

  private Raster of(Raster.Field field) {
    return Raster.of(image.size, field);
  }

  private float spread(float most) {
    return (2 * random.nextFloat() - 1) * most;
  }
}
