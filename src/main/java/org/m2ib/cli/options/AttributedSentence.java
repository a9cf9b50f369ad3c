package org.m2ib.cli.options;

import java.nio.file.Path;
import java.util.List;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.Upsampling;
import org.m2ib.base.Notice;
import org.m2ib.clip.ModelCard;
import org.m2ib.results.MapLocation;

/**
 * The output of {@code attribute} for one image and one sentence. With {@code --json}, these are
 * the names in the JSON; scripts read them, so they do not change.
 *
 * @param image the file as named on the command line
 * @param probability that image and sentence match; null if the model was trained without a sigmoid
 * @param confidenceDrop of the image masked by its map, see {@link Attribution}
 * @param method that made the map, one of {@link org.m2ib.attribution.methods.Methods#NAMES}
 * @param truncated whether the sentence was cut at the model's context
 * @param cut the words that were cut; empty if none
 * @param interactions which word goes with which region; null if not requested
 * @param overlay the picture that was written
 * @param notice the notice required with every map
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
    WordMaps interactions,
    String overlay,
    String notice) {

  /**
   * @param bits per patch, [rows][columns]; in the method's unit unless it is M2IB
   * @param scaled the same in [0, 1], scaled before interpolation
   * @param input in the size of the model's input: interpolated first and then scaled, like the
   *     published code; null if not requested
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

  /**
   * @param picture the sheet that was written, one map for each word
   */
  public record WordMaps(List<Interactions.Word> words, String picture) {}

  public static AttributedSentence of(
      Path image,
      String text,
      Attribution a,
      Grid grid,
      ModelCard model,
      MapLocation place,
      WordMaps interactions,
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
        interactions,
        overlay.toString(),
        notice(model));
  }

  /** States that this is not a diagnosis, and the model's own warning. */
  public static String notice(ModelCard model) {
    return Notice.NOT_DIAGNOSTIC + (model.warning().isEmpty() ? "" : " " + model.warning());
  }
}
