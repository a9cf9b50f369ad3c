package org.m2ib.lab.datasets;

import java.io.IOException;
import org.m2ib.imaging.DisplayImage;

/**
 * One question to a map: where on this picture is what this sentence says?
 *
 * @param id unique in its data set, and the same whenever the same files are read
 * @param image groups the examples of one picture, which stand next to each other; they have the
 *     same {@code picture}
 * @param category the finding as the data set names it
 * @param sentence what the model is asked
 * @param picture is read when it is asked for, not before
 * @param region the truth; null where none is known
 */
public record Example(
    String id, String image, String category, String sentence, Picture picture, Region region) {

  /** Where a picture comes from. */
  @FunctionalInterface
  public interface Picture {
    /**
     * @return as a person would see it; read anew each time
     * @throws IOException when it cannot be read; the message names the file
     */
    DisplayImage load() throws IOException;
  }

  /** Part of a picture, in whatever size the picture comes. */
  @FunctionalInterface
  public interface Region {
    /**
     * @param rows of the picture
     * @param columns of the picture
     * @return row-major, rows * columns, true inside
     * @throws IOException when it does not fit such a picture or covers none of its pixels; the
     *     message names file and place
     */
    boolean[] mask(int rows, int columns) throws IOException;
  }
}
