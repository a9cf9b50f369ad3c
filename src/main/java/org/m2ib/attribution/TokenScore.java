package org.m2ib.attribution;

/**
 * Contribution of one token to the match.
 *
 * @param text the token's part of the sentence
 * @param start offset in the sentence, UTF-16 units, inclusive
 * @param end offset, exclusive
 * @param bits in the unit of {@link Attribution#card()}: for M2IB the information kept, in bits, at
 *     least 0
 * @param scaled bits scaled to [0, 1] over the sentence's tokens
 */
public record TokenScore(String text, int start, int end, double bits, double scaled) {}
