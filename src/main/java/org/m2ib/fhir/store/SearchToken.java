package org.m2ib.fhir.store;

/**
 * A code, an identifier's value or a reference, with its system (FHIR R4 search.html#token).
 *
 * @param system {@code ""} for none; null matches any in a search
 * @param code null matches any in a search
 */
public record SearchToken(String system, String code) {
  /** Longer values are compared by this many characters, so that an index can hold them. */
  private static final int LENGTH = 500;

  public SearchToken {
    system = cut(system);
    code = cut(code);
  }

  private static String cut(String text) {
    return text == null || text.length() <= LENGTH ? text : text.substring(0, LENGTH);
  }
}
