package org.m2ib.lab.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A mask in COCO's run-length code: the lengths of alternating runs outside and inside, column by
 * column, as numbers or in COCO's text (six bits a character from '0' on: five of the number, low
 * ones first, with its sign, and one if more follow; from the fourth on, each number is the
 * difference from the one before the last).
 *
 * @param on the image that it was drawn on
 * @param runs their sum is the number of pixels
 * @param where file, image and category
 */
record RunLengthMask(PictureSize on, int[] runs, String where) implements Example.Region {
  private static final String DAMAGED = "counts: damaged run-length code";
  private static final int BITS = 5;

  /**
   * @param encoded {@code size}, rows and columns, and {@code counts}
   */
  static RunLengthMask read(Row row, JsonNode encoded) throws BadRow {
    JsonNode size = encoded.path("size");
    int rows = size.path(0).asInt();
    int columns = size.path(1).asInt();
    if (size.size() != 2 || rows < 1 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE) {
      throw row.bad("size must be [rows, columns]");
    }
    JsonNode counts = encoded.path("counts");
    if (!counts.isTextual() && !counts.isArray()) {
      throw row.bad("counts must be text or numbers");
    }
    int[] runs =
        counts.isTextual()
            ? decoded(row, counts.textValue())
            : IntStream.range(0, counts.size()).map(i -> counts.get(i).asInt(-1)).toArray();
    long sum = 0;
    for (int run : runs) {
      if (run < 0) {
        throw row.bad(DAMAGED);
      }
      sum += run;
    }
    if (sum != (long) rows * columns) {
      throw row.bad(
          "counts: %d pixels; a picture of %d x %d has %d"
              .formatted(sum, columns, rows, (long) rows * columns));
    }
    return new RunLengthMask(new PictureSize(columns, rows), runs, row.where());
  }

  private static int[] decoded(Row row, String text) throws BadRow {
    int[] runs = new int[text.length()];
    int count = 0;
    for (int at = 0; at < text.length(); ) {
      long number = 0;
      int shift = 0;
      int bits;
      do {
        bits = at < text.length() ? text.charAt(at++) - '0' : -1;
        if (bits < 0 || bits > 63 || shift > 6 * BITS) {
          throw row.bad(DAMAGED);
        }
        number |= (long) (bits & 31) << shift;
        shift += BITS;
      } while ((bits & 32) != 0);
      if ((bits & 16) != 0) {
        number |= -1L << shift;
      }
      long run = number + (count > 2 ? runs[count - 2] : 0);
      if (run < 0 || run > Integer.MAX_VALUE) {
        throw row.bad(DAMAGED);
      }
      runs[count++] = (int) run;
    }
    return Arrays.copyOf(runs, count);
  }

  boolean isEmpty() {
    return IntStream.range(0, runs.length).allMatch(i -> i % 2 == 0 || runs[i] == 0);
  }

  /** Of an image of another size, the drawn image's pixel at the centre of each counts. */
  @Override
  public boolean[] mask(int rows, int columns) throws IOException {
    on.requireRatioOf(columns, rows, where);
    boolean[] drawn = new boolean[on.columns() * on.rows()];
    int at = 0;
    for (int i = 0; i < runs.length; i++) {
      Arrays.fill(drawn, at, at + runs[i], i % 2 == 1);
      at += runs[i];
    }
    boolean[] mask = new boolean[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      int y = (int) ((i / columns + 0.5) * on.rows() / rows);
      int x = (int) ((i % columns + 0.5) * on.columns() / columns);
      mask[i] = drawn[x * on.rows() + y];
    }
    return mask;
  }
}
