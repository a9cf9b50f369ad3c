package org.m2ib.lab.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.m2ib.lab.collage.Collage;
import org.m2ib.lab.collage.CollageGenerator;
import org.m2ib.lab.collage.CollageSentence;
import org.m2ib.lab.collage.Photograph;

/**
 * Collages of four photographs: one example per tile, whose mask is the tile. They are made anew
 * whenever they are loaded.
 */
public final class Collages implements Dataset {
  private static final CollageGenerator GENERATOR = new CollageGenerator();

  private final long seed;
  private final int collages;
  private final List<Example> examples = new ArrayList<>();

  /**
   * @param seed of the first; the others count up. Training uses negative seeds
   */
  public Collages(long seed, int collages) {
    this.seed = seed;
    this.collages = collages;
    for (long own = seed; own < seed + collages; own++) {
      List<Photograph> tiles = GENERATOR.make(own).tiles();
      for (int i = 0; i < tiles.size(); i++) {
        examples.add(example(own, i, tiles.get(i)));
      }
    }
  }

  private static Example example(long seed, int tile, Photograph photograph) {
    int wording = (int) Math.floorMod(seed + tile, (long) CollageSentence.wordings());
    return new Example(
        seed + "/" + (tile + 1),
        String.valueOf(seed),
        photograph.title(),
        CollageSentence.of(photograph, wording),
        () -> GENERATOR.make(seed).image(),
        (rows, columns) -> mask(seed, tile, rows, columns));
  }

  private static boolean[] mask(long seed, int tile, int rows, int columns) throws IOException {
    if (rows != CollageGenerator.SIZE || columns != CollageGenerator.SIZE) {
      throw new IOException(
          "collage %d: %d x %d pixels, not %d x %d"
              .formatted(seed, CollageGenerator.SIZE, CollageGenerator.SIZE, columns, rows));
    }
    return Collage.mask(tile);
  }

  @Override
  public String name() {
    return "collages";
  }

  @Override
  public String identity() {
    return "collages, %d from seed %d on".formatted(collages, seed);
  }

  @Override
  public List<Example> examples() {
    return Collections.unmodifiableList(examples);
  }
}
