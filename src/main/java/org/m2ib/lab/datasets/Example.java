package org.m2ib.lab.datasets;

import java.io.IOException;
import org.m2ib.imaging.DisplayImage;

/**
 * One localisation task: where in this image is what this sentence describes?
 *
 * @param id unique in its data set, and stable for the same files
 * @param image groups the examples of one image, which are adjacent and have the same {@code
 *     picture}
 * @param study groups the images of one study, as far as the data set says
 * @param category the finding as named by the data set
 * @param sentence given to the model
 * @param picture read on demand
 * @param region the ground truth; null if unknown
 */
public record Example(
    String id,
    String image,
    String study,
    String category,
    String sentence,
    Picture picture,
    Region region) {

  /** Of an image that is a study of its own. */
  public Example(
      String id, String image, String category, String sentence, Picture picture, Region region) {
    this(id, image, image, category, sentence, picture, region);
  }

  /** Source of an image. */
  @FunctionalInterface
  public interface Picture {
    /**
     * @return as displayed; read anew each time
     * @throws IOException if it cannot be read; the message names the file
     */
    DisplayImage load() throws IOException;
  }

  /** Part of an image of any size. */
  @FunctionalInterface
  public interface Region {
    /**
     * @param rows of the image
     * @param columns of the image
     * @return row-major, rows * columns, true inside
     * @throws IOException if it does not fit such an image or covers none of its pixels; the
     *     message names file and place
     */
    boolean[] mask(int rows, int columns) throws IOException;
  }
}
