package org.m2ib.discordance;

/**
 * A sentence of the report on one image, as an audit measures it.
 *
 * @param similarity cosine of image and sentence
 * @param contrary the same of the sentence's contrary; null if it has none
 * @param otherSide the same of the sentence with its side swapped; null if it has none
 * @param sameSide whether the map lies on the sentence's side; null if unknown
 * @param agreement rank correlation of the map with that of the contrary; null if unknown
 */
public record SentenceFit(
    double similarity, Double contrary, Double otherSide, Boolean sameSide, Double agreement) {

  /** Without maps. */
  public SentenceFit(double similarity, Double contrary, Double otherSide) {
    this(similarity, contrary, otherSide, null, null);
  }
}
