package org.m2ib.lab.datasets;

import java.io.IOException;
import java.util.List;

/**
 * The pixels covered by enough of several regions.
 *
 * @param needed 1 for the union
 */
record Votes(List<Example.Region> regions, int needed) implements Example.Region {
  Votes {
    regions = List.copyOf(regions);
  }

  @Override
  public boolean[] mask(int rows, int columns) throws IOException {
    int[] votes = new int[rows * columns];
    for (Example.Region region : regions) {
      boolean[] one = region.mask(rows, columns);
      for (int i = 0; i < votes.length; i++) {
        votes[i] += one[i] ? 1 : 0;
      }
    }
    boolean[] mask = new boolean[votes.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = votes[i] >= needed;
    }
    return mask;
  }
}
