package org.m2ib.lab.experiments;

/**
 * Best of several runs, seconds.
 *
 * @param rate floating point operations a second of a large matrix product
 * @param imageFront an image's front part and its embedding, once for all its sentences
 * @param textFront a sentence's front part and its embedding
 * @param one a sentence that runs alone
 * @param sentences how many there were in the last part
 * @param together how many of them ran in one pass
 * @param each a sentence of those that run together: their time over their number
 * @param all one image with so many sentences: front parts, both sides and the faithfulness figures
 * @param imageLimit operations that the image side's loop cannot do without, over the rate
 * @param textLimit the same of the text side
 */
public record Timings(
    double rate,
    double imageFront,
    double textFront,
    Sides one,
    int sentences,
    int together,
    Sides each,
    double all,
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
