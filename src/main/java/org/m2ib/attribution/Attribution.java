package org.m2ib.attribution;

import java.util.List;

/**
 * The result for one image and one sentence: the image map, the token scores and the diagnostics of
 * both bottlenecks. Plain values without tensors.
 *
 * @param method that made it, see {@link MethodCard#name}
 * @param map relevance of each patch, [rows][columns] of the model's grid, in the unit of its
 *     method's card: for M2IB the information kept, in bits
 * @param tokens scores of the sentence's own tokens (without start, end and padding tokens); empty
 *     if the method has no text side, whose figures are then 0
 * @param similarity cosine of image and text embedding, [-1, 1]
 * @param probability that image and sentence match, [0, 1]; null if the model was trained without a
 *     sigmoid
 * @param confidenceDrop 100 * max(0, s - s') where s' is the similarity of the image multiplied by
 *     its scaled map; lower is better
 * @param confidenceIncrease 100 if s' is above s, else 0
 * @param removedConfidenceDrop as confidenceDrop, with the image multiplied by 1 minus its scaled
 *     map; higher is better
 * @param removedConfidenceIncrease 100 if that similarity is above s, else 0
 * @param textConfidenceDrop as above, with the sentence reduced to its tokens scored above the
 *     median (the others' id set to 0); start and end token stay
 * @param textConfidenceIncrease 100 if that similarity is above s, else 0
 * @param publishedTextConfidenceDrop the same as computed by the published evaluations: start, end
 *     and padding tokens are removed from the whole sentence and from the reduced one; null if the
 *     method has no text side, the model pools a token that is then missing, or the result is older
 *     than this figure
 * @param publishedTextConfidenceIncrease 100 if that similarity is above that of the whole sentence
 *     read the same way, else 0; null as above
 * @param imageLoss loss at each step of the image side, before its update
 * @param textLoss loss at each step of the text side
 * @param imageCapacity mean capacity over the grid's patches at the last step, in bits per patch
 * @param textCapacity mean capacity over tokens at the last step, in bits per token
 * @param truncated whether the sentence was longer than the model's context and was cut
 * @param cut offset in the sentence after the last word that the model has read completely; null if
 *     nothing was cut, or the result is older than this value
 * @param settings the settings that made it, with the actual layer
 */
public record Attribution(
    String method,
    double[][] map,
    List<TokenScore> tokens,
    double similarity,
    Double probability,
    double confidenceDrop,
    double confidenceIncrease,
    double removedConfidenceDrop,
    double removedConfidenceIncrease,
    double textConfidenceDrop,
    double textConfidenceIncrease,
    Double publishedTextConfidenceDrop,
    Double publishedTextConfidenceIncrease,
    List<Double> imageLoss,
    List<Double> textLoss,
    double imageCapacity,
    double textCapacity,
    boolean truncated,
    Integer cut,
    M2ibSettings settings) {

  /** Results stored before there were other methods are M2IB's. */
  public Attribution {
    method = method == null ? MethodCard.M2IB : method;
  }

  /** The words of the sentence that the model has not read; empty if it has read all. */
  public String cutWords(String sentence) {
    return cut == null ? "" : sentence.substring(cut).strip();
  }

  public int rows() {
    return map.length;
  }

  public int columns() {
    return map[0].length;
  }

  /** The map scaled, see {@link #scaled(double[][])}. */
  public double[][] scaled() {
    return scaled(map);
  }

  /** A grid scaled to [0, 1] by its minimum and maximum; all 0 if it is flat. */
  public static double[][] scaled(double[][] map) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double[] row : map) {
      for (double value : row) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    double[][] scaled = new double[map.length][map[0].length];
    for (int y = 0; max > min && y < map.length; y++) {
      for (int x = 0; x < map[y].length; x++) {
        scaled[y][x] = (map[y][x] - min) / (max - min);
      }
    }
    return scaled;
  }
}
