package org.m2ib.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Deletion and insertion curves (Petsiuk et al. 2018, arXiv 1806.07421). Pixels are removed from
 * the image, or inserted into an empty one, in the order given by a map. If the map names what the
 * model uses, the similarity falls or rises at once.
 *
 * @param similarities similarity after equal steps, from the unchanged to the fully changed image
 */
record PerturbationCurve(List<Double> similarities) {

  PerturbationCurve {
    similarities = List.copyOf(similarities);
  }

  /** A model's similarity of images with a fixed sentence. */
  interface Similarity {
    /**
     * @param images images, each channel-major as the model takes it
     * @return one similarity per image
     */
    float[] of(float[][] images);
  }

  /**
   * Returns the area under the curve over the share of pixels, by the trapezoidal rule: a mean
   * similarity.
   */
  double area() {
    double sum = 0;
    for (int i = 1; i < similarities.size(); i++) {
      sum += (similarities.get(i - 1) + similarities.get(i)) / 2;
    }
    return sum / (similarities.size() - 1);
  }

  /**
   * Computes both curves of one image. Methods differ only in the order of the map.
   *
   * @param similarity similarity of images with the sentence
   * @param pixels pixels of the image, channel-major
   * @param fill values of an empty image, of the same size, see {@link Fill}
   * @param steps number of equal steps
   * @param batch maximum number of images per call of the model
   */
  record Perturbation(Similarity similarity, float[] pixels, float[] fill, int steps, int batch) {
    Perturbation {
      if (pixels.length != fill.length) {
        throw new IllegalArgumentException(
            "an image of %d values and a fill of %d".formatted(pixels.length, fill.length));
      }
      if (steps < 1 || batch < 1) {
        throw new IllegalArgumentException(
            "steps = %d and batch = %d must be 1 or more".formatted(steps, batch));
      }
    }

    /** Lower areas are better. */
    PerturbationCurve deletion(int[] order) {
      return new PerturbationCurve(curve(order, pixels, fill));
    }

    /** Higher areas are better. */
    PerturbationCurve insertion(int[] order) {
      return new PerturbationCurve(curve(order, fill, pixels));
    }

    private List<Double> curve(int[] order, float[] from, float[] to) {
      if (order.length == 0 || pixels.length % order.length != 0) {
        throw new IllegalArgumentException(
            "an order of %d pixels for an image of %d values"
                .formatted(order.length, pixels.length));
      }
      List<Double> curve = new ArrayList<>();
      float[] image = from.clone();
      int changed = 0;
      for (int start = 0; start <= steps; start += batch) {
        float[][] images = new float[Math.min(batch, steps + 1 - start)][];
        for (int i = 0; i < images.length; i++) {
          int end = (int) Math.round((double) (start + i) * order.length / steps);
          change(image, to, Arrays.copyOfRange(order, changed, end), order.length);
          changed = end;
          images[i] = image.clone();
        }
        for (float value : similarity.of(images)) {
          curve.add((double) value);
        }
      }
      return curve;
    }

    private static void change(float[] image, float[] to, int[] chosen, int plane) {
      for (int channel = 0; channel < image.length; channel += plane) {
        for (int pixel : chosen) {
          image[channel + pixel] = to[channel + pixel];
        }
      }
    }
  }
}
