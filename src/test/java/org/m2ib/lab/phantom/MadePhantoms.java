package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Phantoms of noise, with boxes as masks: quick, and of any findings. */
public final class MadePhantoms {
  public static final int SIZE = 32;

  private MadePhantoms() {}

  public static Phantom of(long seed, Finding... findings) {
    Random random = new Random(seed);
    float[] pixels = new float[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i == 0 ? 0 : i == 1 ? 1 : random.nextFloat();
    }
    List<Phantom.Located> located = new ArrayList<>();
    for (Finding finding : findings) {
      boolean[] mask = new boolean[SIZE * SIZE];
      int left = random.nextInt(SIZE - 4);
      int top = random.nextInt(SIZE - 5);
      for (int i = 0; i < 4 * 5; i++) {
        mask[(top + i / 4) * SIZE + left + i % 4] = true;
      }
      located.add(new Phantom.Located(finding, mask));
    }
    return new Phantom(seed, SIZE, pixels, located);
  }

  /** None to three findings, by the seed. */
  public static Phantom any(long seed) {
    Random random = new Random(seed);
    List<FindingType> types = new ArrayList<>(List.of(FindingType.values()));
    java.util.Collections.shuffle(types, random);
    return of(
        seed,
        types.stream()
            .limit(random.nextInt(4))
            .map(
                type ->
                    new Finding(
                        type,
                        type.sided() ? PhantomSide.values()[random.nextInt(2)] : PhantomSide.NONE,
                        type.zoned() ? Zone.values()[random.nextInt(3)] : Zone.NONE))
            .toArray(Finding[]::new));
  }
}
