package org.m2ib.attribution;

/**
 * How much of one token the text-side bottleneck kept.
 *
 * @param text the piece of the sentence it stands for
 * @param start offset in the sentence, UTF-16 units, inclusive
 * @param end offset, exclusive
 * @param bits capacity kept, in bits, at least 0
 * @param scaled bits scaled to [0, 1] over the sentence's tokens
 */
public record TokenScore(String text, int start, int end, double bits, double scaled) {}
