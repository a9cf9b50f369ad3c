package org.m2ib.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.m2ib.clip.ClipModel;
import org.m2ib.imaging.ModelInput;

/** Cosines of images and sentences; each sentence is embedded once. Threads may share it. */
final class Similarities {
  private final ClipModel model;
  private final Map<String, float[]> sentences = new ConcurrentHashMap<>();

  Similarities(ClipModel model) {
    this.model = model;
  }

  /** A vector of length 1. */
  float[] embed(ModelInput image) {
    try (NDManager step = model.newSubManager()) {
      return unit(model.image().embed(model.pixels(step, image)));
    }
  }

  /**
   * @param image of {@link #embed}
   */
  float cosine(float[] image, String sentence) {
    float[] text = sentences.computeIfAbsent(sentence, this::text);
    double sum = 0;
    for (int i = 0; i < image.length; i++) {
      sum += (double) image[i] * text[i];
    }
    return (float) sum;
  }

  private float[] text(String sentence) {
    try (NDManager step = model.newSubManager()) {
      return unit(model.text().embed(step, model.tokenizer().encode(sentence)));
    }
  }

  private static float[] unit(NDArray embedding) {
    float[] vector = embedding.toFloatArray();
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    double length = Math.max(Math.sqrt(square), Double.MIN_NORMAL);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) length;
    }
    return vector;
  }
}
