package org.m2ib.base;

/** What every output says: it audits a model and is no diagnosis. Each wording is here, once. */
public final class Notice {
  /** On a picture or a page. */
  public static final String LABEL = "Not for diagnostic use";

  public static final String NOT_DIAGNOSTIC = LABEL + ".";
  public static final String AUDIT = "Audit of a model. " + NOT_DIAGNOSTIC;
  public static final String NOT_A_DEVICE = "Not a diagnostic device.";

  private Notice() {}
}
