package org.m2ib.attribution;

/** M2IB agrees with the reference, step by step. */
class VitBasePatch32BottleneckIT extends BottleneckChecks {
  VitBasePatch32BottleneckIT() {
    super("clip-vit-base-patch32");
  }
}
