package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.tokenizers.Tokenizer;

/** How well a model tells true from false on images that its training does not see. */
interface Exam {
  /** Images embedded at once. */
  int BATCH = 64;

  /** Number of images. */
  int images();

  /**
   * @return (to - from, 3, S, S), normalised
   */
  NDArray pixels(NDManager manager, int from, int to);

  /** Asked of every image. */
  List<String> sentences();

  /**
   * @param cosines [image][sentence]
   * @return by name, in the order in which they are shown; 0.5 by chance
   */
  Map<String, Double> figures(float[][] cosines);

  /** The figures of a model as it is. */
  default Map<String, Double> take(NDManager manager, Objective objective, Tokenizer tokenizer) {
    float[][] cosines = new float[images()][];
    int n = sentences().size();
    try (NDManager whole = manager.newSubManager()) {
      NDArray text = objective.sentences(whole, Batch.tokens(sentences(), tokenizer)).transpose();
      for (int from = 0; from < images(); from += BATCH) {
        int to = Math.min(images(), from + BATCH);
        try (NDManager step = whole.newSubManager()) {
          float[] values = objective.pictures(pixels(step, from, to)).matMul(text).toFloatArray();
          for (int i = from; i < to; i++) {
            cosines[i] = Arrays.copyOfRange(values, (i - from) * n, (i - from + 1) * n);
          }
        }
      }
    }
    return figures(cosines);
  }
}
