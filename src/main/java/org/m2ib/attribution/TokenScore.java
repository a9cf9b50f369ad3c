package org.m2ib.attribution;

/**
 * How much one token carries the match.
 *
 * @param text the piece of the sentence it stands for
 * @param start offset in the sentence, UTF-16 units, inclusive
 * @param end offset, exclusive
 * @param bits in the unit of {@link Attribution#card()}: with M2IB the capacity kept, in bits, at
 *     least 0
 * @param scaled bits scaled to [0, 1] over the sentence's tokens
 */
public record TokenScore(String text, int start, int end, double bits, double scaled) {}
