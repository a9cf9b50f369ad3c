package org.m2ib.clip;

/** Agrees with the reference on the tiny model. */
class TinyClipTest extends GoldenChecks {
  TinyClipTest() {
    super("tiny-clip");
  }
}
