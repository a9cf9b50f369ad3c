package org.m2ib.attribution;

/** M2IB agrees with the reference, step by step. */
class TinyBottleneckTest extends BottleneckChecks {
  TinyBottleneckTest() {
    super("tiny-clip");
  }
}
