package org.m2ib.judging;

/**
 * A text that a person reads, in the languages of the pages.
 *
 * @param en English
 * @param de German
 */
public record Words(String en, String de) {

  /**
   * @param language BCP 47; English for any other than German
   */
  public String in(String language) {
    return "de".equals(language) ? de : en;
  }
}
