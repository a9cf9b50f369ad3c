package org.m2ib.metrics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;

/**
 * Cosine similarities of images and sentences. Each sentence is embedded only once. Thread-safe.
 */
public final class Similarities {
  private final ClipModel model;
  private final Map<String, float[]> sentences = new ConcurrentHashMap<>();

  public Similarities(ClipModel model) {
    this.model = model;
  }

  /**
   * @return the embedding, of length 1
   */
  public float[] embed(ModelInput image) {
    try (NDManager step = model.newSubManager()) {
      return unit(model.image().embed(model.pixels(step, image)));
    }
  }

  /**
   * @return the embedding, of length 1
   */
  public float[] embed(String sentence) {
    return sentences.computeIfAbsent(sentence, this::text);
  }

  /**
   * @param image result of {@link #embed(ModelInput)}
   */
  public float cosine(float[] image, String sentence) {
    float[] text = embed(sentence);
    double sum = 0;
    for (int i = 0; i < image.length; i++) {
      sum += (double) image[i] * text[i];
    }
    return (float) sum;
  }

  /**
   * @param images images, each channel-major as the model takes it
   */
  float[] cosines(float[][] images, String sentence) {
    int size = model.image().imageSize();
    float[] pixels = new float[images.length * images[0].length];
    for (int i = 0; i < images.length; i++) {
      System.arraycopy(images[i], 0, pixels, i * images[0].length, images[0].length);
    }
    try (NDManager step = model.newSubManager()) {
      NDArray all = step.create(pixels, new Shape(images.length, 3, size, size));
      NDArray embeddings = model.image().embed(all);
      float[] cosines = new float[images.length];
      for (int i = 0; i < cosines.length; i++) {
        cosines[i] = cosine(unit(embeddings.get(i)), sentence);
      }
      return cosines;
    }
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
