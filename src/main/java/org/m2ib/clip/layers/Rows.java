package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/** Batches sentences of different lengths as rows of one tensor. */
public final class Rows {
  private Rows() {}

  /**
   * @param sentences N sentences
   * @return (N, T), T the length of the longest, padded with 0
   */
  public static NDArray ids(NDManager manager, List<int[]> sentences) {
    int t = sentences.stream().mapToInt(ids -> ids.length).max().orElse(0);
    int[] all = new int[sentences.size() * t];
    for (int i = 0; i < sentences.size(); i++) {
      System.arraycopy(sentences.get(i), 0, all, i * t, sentences.get(i).length);
    }
    return manager.create(all, new Shape(sentences.size(), t)).toType(DataType.INT64, false);
  }

  /**
   * Returns a mask to be added to scores, which hides everything after the end of each row.
   *
   * @param ends index after the last token of each of N sentences; N divides the rows
   * @return (B, 1, T) with 0 and minus infinity; null if every row is full
   */
  public static NDArray paddingMask(NDManager manager, int[] ends, int rows, int t) {
    if (Arrays.stream(ends).allMatch(end -> end == t)) {
      return null;
    }
    float[] mask = new float[rows * t];
    for (int row = 0; row < rows; row++) {
      int end = ends[row / (rows / ends.length)];
      Arrays.fill(mask, row * t + end, (row + 1) * t, Float.NEGATIVE_INFINITY);
    }
    return manager.create(mask, new Shape(rows, 1, t));
  }
}
