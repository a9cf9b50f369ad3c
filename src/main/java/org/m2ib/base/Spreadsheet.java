package org.m2ib.base;

/** Tables that are opened in spreadsheets. */
public final class Spreadsheet {
  private Spreadsheet() {}

  /** Puts an apostrophe before what a spreadsheet would take as a formula. */
  public static String safe(String text) {
    return text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
  }
}
