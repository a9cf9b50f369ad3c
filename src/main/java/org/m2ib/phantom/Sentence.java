package org.m2ib.phantom;

/**
 * A report sentence and its meaning.
 *
 * @param text as a radiologist would dictate it: first letter large, full stop
 */
public record Sentence(String text, Statement statement) {}
