package org.m2ib.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.m2ib.attribution.Confidence;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.ModelInput;

/**
 * Faithfulness of a map of one image and sentence, measured with the model itself and without
 * ground truth. Confidence drop and increase follow the published evaluations: they multiply the
 * image by its scaled map. Deletion and insertion use a neutral fill, patch by patch, see {@link
 * PerturbationCurve}.
 */
public final class Faithfulness {
  public static final String DROP = "confidence drop";
  public static final String INCREASE = "confidence increase";
  public static final String DELETION = "deletion";
  public static final String INSERTION = "insertion";
  private static final int STEPS = 14;

  private final int size;
  private final float[] pixels;
  private final PerturbationCurve.Similarity similarity;
  private final PerturbationCurve.Perturbation perturbation;
  private final double whole;

  public Faithfulness(int size, Similarities similarities, ModelInput input, String sentence) {
    this.size = size;
    this.pixels = input.pixels();
    this.similarity = images -> similarities.cosines(images, sentence);
    this.perturbation =
        new PerturbationCurve.Perturbation(
            similarity, pixels, Fill.neutral(pixels), STEPS, STEPS + 1);
    this.whole = similarity.of(new float[][] {pixels})[0];
  }

  public Map<String, Double> of(double[][] map) {
    float[] scaled = Upsampling.toInput(map, size, size);
    float[] kept = new float[pixels.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = pixels[i] * scaled[i % scaled.length];
    }
    double masked = similarity.of(new float[][] {kept})[0];
    int[] order = PixelOrder.ofPatches(map, size, size);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(DROP, Confidence.drop(whole, masked));
    figures.put(INCREASE, Confidence.increase(whole, masked));
    put(figures, DELETION, perturbation.deletion(order));
    put(figures, INSERTION, perturbation.insertion(order));
    return figures;
  }

  private static void put(Map<String, Double> figures, String name, PerturbationCurve curve) {
    figures.put(name, curve.area());
    List<String> points = points(name);
    for (int i = 0; i < points.size(); i++) {
      figures.put(points.get(i), curve.similarities().get(i));
    }
  }

  /** Returns the names of a curve's points, from the unchanged to the fully changed image. */
  public static List<String> points(String curve) {
    return IntStream.rangeClosed(0, STEPS)
        .mapToObj(step -> curve + ", " + step + " of " + STEPS)
        .toList();
  }
}
