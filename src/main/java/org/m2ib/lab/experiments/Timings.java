package org.m2ib.lab.experiments;

/**
 * Fastest of several runs, in seconds.
 *
 * @param rate floating-point operations per second of a large matrix product
 * @param imagePrefix an image's prefix and its embedding, once for all its sentences
 * @param textPrefix a sentence's prefix and its embedding
 * @param single a single sentence
 * @param sentences number of sentences in the last part
 * @param batchSize number of sentences in one batch
 * @param batched time of a batch divided by its sentences
 * @param whole one image with all sentences: prefixes, both sides and the faithfulness figures
 * @param imageLimit operations needed by the image side's loop, divided by the rate
 * @param textLimit the same for the text side
 */
public record Timings(
    double rate,
    double imagePrefix,
    double textPrefix,
    Sides single,
    int sentences,
    int batchSize,
    Sides batched,
    double whole,
    double imageLimit,
    double textLimit) {

  /**
   * The bottleneck's loops of one sentence.
   *
   * @param image in the image tower
   * @param text in the text tower
   */
  public record Sides(double image, double text) {}
}
