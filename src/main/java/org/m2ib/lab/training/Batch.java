package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.tokenizers.Tokenizer;

/**
 * Input of one training step: B images, N sentences.
 *
 * @param pixels (B, 3, S, S), normalised
 * @param sentences N
 * @param truth (B, N): 1 if the sentence is true of the image, whether written for it or not
 * @param coverage (B, P, F): the share of each of P patches covered by each of F features; null if
 *     that is not taught
 * @param features (B, F): which features the image has; null if that is not taught
 */
record Batch(
    NDArray pixels, List<Tokens> sentences, NDArray truth, NDArray coverage, NDArray features) {

  static List<Tokens> tokens(List<String> sentences, Tokenizer tokenizer) {
    return sentences.stream().map(tokenizer::encode).toList();
  }
}
