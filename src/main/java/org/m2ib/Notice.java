package org.m2ib;

/** What every output says: that it audits a model and is no diagnosis. One wording, kept here. */
public final class Notice {
  public static final String NOT_DIAGNOSTIC = "Not for diagnostic use.";
  public static final String AUDIT = "Audit of a model. " + NOT_DIAGNOSTIC;
  public static final String NOT_A_DEVICE = "Not a diagnostic device.";

  private Notice() {}
}
