package org.m2ib.lab.datasets;

/** A row that cannot be used; the message says where it is, what is wrong and what to do. */
final class BadRow extends Exception {
  BadRow(String where, String what) {
    super(where + ": " + what);
  }
}
