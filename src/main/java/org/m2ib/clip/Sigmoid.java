package org.m2ib.clip;

/**
 * Converts a cosine to a probability for a model trained with a sigmoid loss (SigLIP, arXiv
 * 2303.15343): the probability that image and sentence match, as in its training.
 *
 * @param scale logarithm of the factor, logit_scale
 * @param bias logit_bias
 */
public record Sigmoid(double scale, double bias) {

  /**
   * @param cosine cosine of image and text embedding, [-1, 1]
   * @return probability, [0, 1]
   */
  public double probability(double cosine) {
    return 1 / (1 + Math.exp(-(Math.exp(scale) * cosine + bias)));
  }
}
