package org.m2ib.results.capture;

/**
 * The words of a picture.
 *
 * @param sentence the report's sentence
 * @param model its short name
 * @param warning required warning about the model, {@code ""} for none
 * @param forced whether the map is known not to explain the sentence, see {@link
 *     org.m2ib.results.Audit#forced}
 */
public record Caption(String sentence, String model, String warning, boolean forced) {

  /** Of a map without an audit. */
  public Caption(String sentence, String model, String warning) {
    this(sentence, model, warning, false);
  }
}
