package org.m2ib.pipeline;

/** A case's turn is over before its work is done; it later resumes where it stopped. */
final class PausedException extends RuntimeException {
  PausedException(String why) {
    super(why);
  }
}
