package org.m2ib.lab.training;

import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;

/**
 * Training phantoms, drawn on first use and kept as bytes. Training uses negative seeds; all others
 * are held out.
 */
final class PhantomPool {

  /**
   * @param pixels 0 to 255, like an 8-bit image
   * @param coverage for each type, the share of each patch covered by the finding
   */
  record Sample(byte[] pixels, List<Finding> findings, float[][] coverage) {}

  private final PhantomGenerator generator = new PhantomGenerator();
  private final long first;
  private final Sample[] samples;

  /**
   * @param first seed; the others count up
   */
  private PhantomPool(long first, int count) {
    this.first = first;
    this.samples = new Sample[count];
  }

  /** For a training's seed: trainings with different seeds share no phantoms. */
  static PhantomPool training(long seed, int count) {
    return new PhantomPool(-(1 + Math.floorMod(seed, 1_000_000_000L)) * 10_000_000L, count);
  }

  static PhantomPool heldOut(int count) {
    return new PhantomPool(2_000_000_000L, count);
  }

  int size() {
    return samples.length;
  }

  List<Sample> get(int[] which) {
    return IntStream.of(which).parallel().mapToObj(this::get).toList();
  }

  private Sample get(int i) {
    if (samples[i] == null) {
      samples[i] = sample(generator.make(first + i));
    }
    return samples[i];
  }

  private static Sample sample(Phantom phantom) {
    byte[] pixels = new byte[phantom.pixels().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(255 * phantom.pixels()[i]);
    }
    float[][] coverage =
        new float[FindingType.values().length][PhantomLessons.GRID * PhantomLessons.GRID];
    for (Phantom.Located located : phantom.findings()) {
      float[] covered = coverage[located.finding().type().ordinal()];
      boolean[] mask = located.mask();
      for (int i = 0; i < mask.length; i++) {
        if (mask[i]) {
          int row = i / phantom.size() / PhantomLessons.PATCH;
          int column = i % phantom.size() / PhantomLessons.PATCH;
          covered[row * PhantomLessons.GRID + column] +=
              1f / (PhantomLessons.PATCH * PhantomLessons.PATCH);
        }
      }
    }
    return new Sample(
        pixels, phantom.findings().stream().map(Phantom.Located::finding).toList(), coverage);
  }
}
