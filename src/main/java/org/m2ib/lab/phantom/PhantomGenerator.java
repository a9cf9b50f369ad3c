package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws phantom radiographs: the same seed gives the same picture on every machine. The chest
 * depends on the seed only, so the same chest can be drawn with and without a finding.
 *
 * <p>They resemble chest radiographs but show no real anatomy or disease.
 */
public final class PhantomGenerator {
  /** Rows and columns. */
  public static final int SIZE = 224;

  private static final int[] COUNTS = {0, 1, 1, 1, 2, 2, 3};
  private static final List<Zone> ZONES = List.of(Zone.UPPER, Zone.MIDDLE, Zone.LOWER);

  /** A phantom with random findings: none to three. */
  public Phantom make(long seed) {
    RandomGenerator random = new SplittableRandom(seed).split();
    List<FindingType> types = new ArrayList<>(Arrays.asList(FindingType.values()));
    Collections.shuffle(types, new Random(random.nextLong()));
    List<Finding> findings = new ArrayList<>();
    for (FindingType type : types.subList(0, COUNTS[random.nextInt(COUNTS.length)])) {
      findings.add(draw(type, random));
    }
    return make(seed, findings);
  }

  /** A finding of a type with random side and zone. */
  public static Finding draw(FindingType type, RandomGenerator random) {
    PhantomSide side =
        !type.sided()
            ? PhantomSide.NONE
            : random.nextBoolean() ? PhantomSide.RIGHT : PhantomSide.LEFT;
    Zone zone = type.zoned() ? ZONES.get(random.nextInt(ZONES.size())) : Zone.NONE;
    return new Finding(type, side, zone);
  }

  /**
   * A phantom with these findings.
   *
   * @throws IllegalArgumentException for two of a type, or one that lacks its side or zone
   */
  public Phantom make(long seed, List<Finding> findings) {
    check(findings);
    SplittableRandom root = new SplittableRandom(seed);
    root.split(); // random findings
    RandomGenerator random = root.split();
    Anatomy anatomy = new Anatomy(SIZE, root.split());
    Raster image = anatomy.trunk();
    image.add(anatomy.mediastinum(), 1);
    Raster heart =
        anatomy.heart(findings.stream().anyMatch(f -> f.type() == FindingType.CARDIOMEGALY));
    image.add(anatomy.vessels(), 1);
    image.lift(heart, 0.63f);
    List<Finding> order = new ArrayList<>(findings); // findings that remove vessels are drawn first
    order.sort((a, b) -> Boolean.compare(removesVessels(b), removesVessels(a)));
    Phantom.Located[] located = new Phantom.Located[findings.size()];
    FindingPainter painter = new FindingPainter(image, anatomy, random);
    for (Finding finding : order) {
      located[findings.indexOf(finding)] =
          new Phantom.Located(finding, painter.paint(finding, heart));
    }
    image.add(anatomy.bones(), 1);
    texture(image, anatomy, root.split());
    expose(image, root.split());
    return new Phantom(seed, SIZE, image.values, List.of(located));
  }

  private static boolean removesVessels(Finding finding) {
    return finding.type() == FindingType.PNEUMOTHORAX;
  }

  private static void check(List<Finding> findings) {
    Set<FindingType> types = EnumSet.noneOf(FindingType.class);
    for (Finding f : findings) {
      boolean whole =
          f.type().sided() == (f.side() != PhantomSide.NONE)
              && f.type().zoned() == (f.zone() != Zone.NONE);
      if (!whole) {
        throw new IllegalArgumentException(f + " lacks its side or zone");
      }
      if (!types.add(f.type())) {
        throw new IllegalArgumentException("two findings of type " + f.type());
      }
    }
  }

  private static void texture(Raster image, Anatomy anatomy, RandomGenerator random) {
    Raster fine = Raster.noise(SIZE, random, 4).add(Raster.noise(SIZE, random, 9), 1);
    image.add(fine.multiply(anatomy.lungs()), 0.014f);
    image.add(Raster.noise(SIZE, random, 22), 0.012f);
  }

  /** Quantum noise, exposure, contrast and sometimes a collimator's edge. */
  private static void expose(Raster image, RandomGenerator random) {
    float grain = 0.008f + 0.012f * random.nextFloat();
    float gain = 0.95f + 0.25f * random.nextFloat();
    float dark = 0.02f + 0.04f * random.nextFloat();
    float bend = 0.5f * random.nextFloat() - 0.25f;
    boolean collimated = random.nextFloat() < 0.3f;
    int left = collimated ? random.nextInt(SIZE / 24) : 0;
    int top = collimated ? random.nextInt(SIZE / 24) : 0;
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        int i = y * SIZE + x;
        float v = gain * (image.values[i] + grain * Raster.bell(random) - dark) + 0.02f;
        v = Raster.clamp(v, 0, 1);
        v = v * (1.4f - 0.4f * v); // film's shoulder
        v += bend * v * (1 - v);
        boolean outside = x < left || x >= SIZE - left || y < top || y >= SIZE - top;
        image.values[i] = outside ? 0 : Raster.clamp(v, 0, 1);
      }
    }
  }
}
