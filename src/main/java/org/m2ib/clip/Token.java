package org.m2ib.clip;

/**
 * One token of a sentence.
 *
 * @param id row of the model's vocabulary
 * @param text the piece of the sentence it stands for; the token's own name where it is special
 * @param start offset in the sentence, UTF-16 units, inclusive; 0 where special
 * @param end offset, exclusive; 0 where special
 * @param special whether the tokeniser added it (start, end) and no word of the sentence is in it
 */
public record Token(int id, String text, int start, int end, boolean special) {}
