package org.m2ib.lab.datasets;

/** A row that cannot be used; the message names the place, the problem and what to do. */
final class BadRow extends Exception {
  BadRow(String where, String what) {
    super(where + ": " + what);
  }
}
