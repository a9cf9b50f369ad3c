package org.m2ib.evaluation;

/**
 * Best of several runs, seconds.
 *
 * @param rate floating point operations a second of a large matrix product
 * @param front an image's front part and its embedding, once for all its sentences
 * @param imageSide the bottleneck's loop in the image tower
 * @param textSide the loop in the text tower
 * @param imageLimit operations that the image side's loop cannot do without, over the rate
 * @param textLimit the same of the text side
 * @param sentences how many there were in the last part
 * @param all one image with so many sentences: front part, both sides and the faithfulness figures
 */
public record Timings(
    double rate,
    double front,
    double imageSide,
    double textSide,
    double imageLimit,
    double textLimit,
    int sentences,
    double all) {}
