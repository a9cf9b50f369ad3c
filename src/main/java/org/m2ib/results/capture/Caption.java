package org.m2ib.results.capture;

/**
 * What a picture says in words.
 *
 * @param sentence the report's sentence
 * @param model its short name
 * @param warning what must be said of the model, {@code ""} for nothing
 */
public record Caption(String sentence, String model, String warning) {}
