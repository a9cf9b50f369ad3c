package org.m2ib.lab.experiments;

/**
 * Best of several runs, seconds.
 *
 * @param rate floating point operations a second of a large matrix product
 * @param imagePrefix an image's prefix and its embedding, once for all its sentences
 * @param textPrefix a sentence's prefix and its embedding
 * @param single a sentence that runs alone
 * @param sentences how many there were in the last part
 * @param batchSize how many of them ran in one pass
 * @param batched a sentence of those that run together: their time over their number
 * @param whole one image with so many sentences: prefixes, both sides and the faithfulness figures
 * @param imageLimit operations that the image side's loop cannot do without, over the rate
 * @param textLimit the same of the text side
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
