package org.m2ib.clip;

/**
 * One token of a sentence.
 *
 * @param id row of the model's vocabulary
 * @param text the piece of the sentence it stands for; the token's own name if it is special
 * @param start offset in the sentence, UTF-16 units, inclusive; 0 if special
 * @param end offset, exclusive; 0 if special
 * @param special whether the tokeniser added it (start, end), so that it stands for no part of the
 *     sentence
 */
public record Token(int id, String text, int start, int end, boolean special) {}
