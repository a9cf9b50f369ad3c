package org.m2ib.lab.phantom;

/** A third of a lung by height. */
public enum Zone {
  UPPER,
  MIDDLE,
  LOWER,
  /** A finding without a zone, or not stated. */
  NONE
}
