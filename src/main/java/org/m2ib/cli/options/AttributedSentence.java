package org.m2ib.cli.options;

import java.nio.file.Path;
import java.util.List;
import org.m2ib.Notice;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.Upsampling;
import org.m2ib.clip.ModelCard;
import org.m2ib.results.MapLocation;

/**
 * What {@code attribute} prints of one image and one sentence; with {@code --json}, these are the
 * names in the JSON. Scripts read them: they stay.
 *
 * @param image the file, as the command line names it
 * @param probability that they belong together; null where the model was trained without a sigmoid
 * @param confidenceDrop of the image masked by its map, see {@link Attribution}
 * @param method that made the map, one of {@link org.m2ib.attribution.methods.Methods#NAMES}
 * @param truncated whether the sentence lost its end to the model's context
 * @param cut the words that it lost; empty where it lost none
 * @param overlay the picture that was written
 * @param notice what must be said with every map
 */
public record AttributedSentence(
    String image,
    String text,
    double similarity,
    Double probability,
    Grid grid,
    List<TokenScore> tokens,
    double confidenceDrop,
    double confidenceIncrease,
    double textConfidenceDrop,
    double textConfidenceIncrease,
    Double publishedTextConfidenceDrop,
    Double publishedTextConfidenceIncrease,
    ModelCard model,
    String method,
    M2ibSettings settings,
    boolean truncated,
    String cut,
    MapLocation place,
    String overlay,
    String notice) {

  /**
   * @param bits of each patch, [rows][columns]; in the method's unit, where it is not M2IB
   * @param scaled the same in [0, 1], scaled before anything is interpolated
   * @param input in the size of the model's input: interpolated first and scaled after, as the
   *     published code does it; null where it was not asked for
   */
  public record Grid(int rows, int columns, double[][] bits, double[][] scaled, float[][] input) {

    public static Grid of(Attribution a, int inputSize) {
      return new Grid(
          a.rows(),
          a.columns(),
          a.map(),
          a.scaled(),
          inputSize == 0 ? null : Upsampling.toInput(a.map(), inputSize));
    }
  }

  public static AttributedSentence of(
      Path image,
      String text,
      Attribution a,
      Grid grid,
      ModelCard model,
      MapLocation place,
      Path overlay) {
    return new AttributedSentence(
        image.toString(),
        text,
        a.similarity(),
        a.probability(),
        grid,
        a.tokens(),
        a.confidenceDrop(),
        a.confidenceIncrease(),
        a.textConfidenceDrop(),
        a.textConfidenceIncrease(),
        a.publishedTextConfidenceDrop(),
        a.publishedTextConfidenceIncrease(),
        model,
        a.method(),
        a.settings(),
        a.truncated(),
        a.cutWords(text),
        place,
        overlay.toString(),
        notice(model));
  }

  /** That this is no diagnosis, and the model's own warning. */
  public static String notice(ModelCard model) {
    return Notice.NOT_DIAGNOSTIC + (model.warning().isEmpty() ? "" : " " + model.warning());
  }
}
