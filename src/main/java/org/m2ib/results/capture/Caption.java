package org.m2ib.results.capture;

/**
 * The words of a picture.
 *
 * @param sentence the report's sentence
 * @param model its short name
 * @param warning required warning about the model, {@code ""} for none
 */
public record Caption(String sentence, String model, String warning) {}
