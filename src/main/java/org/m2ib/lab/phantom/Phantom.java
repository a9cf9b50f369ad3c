package org.m2ib.lab.phantom;

import java.util.List;
import org.m2ib.imaging.DisplayImage;

/**
 * One synthetic radiograph with its complete ground truth.
 *
 * @param seed determines it, together with the findings
 * @param size rows and columns, pixels
 * @param pixels row-major, 0 (black, air) to 1 (white, dense); rows run down, columns from the
 *     patient's right to left
 * @param findings none to three, at most one of a type
 */
public record Phantom(long seed, int size, float[] pixels, List<Located> findings) {

  /**
   * A finding and its location.
   *
   * @param mask row-major, size x size: the pixels that it visibly changed
   */
  public record Located(Finding finding, boolean[] mask) {}

  /** As displayed. */
  public DisplayImage image() {
    return new DisplayImage(size, size, 1, pixels);
  }

  /** Whether a statement is true of this radiograph. */
  public boolean shows(Statement statement) {
    return statement.trueOf(findings.stream().map(Located::finding).toList());
  }
}
