package org.m2ib.attribution;

/** The bottleneck in each family's towers, as in the libraries that publish its models. */
@EveryFamily
class FamilyBottlenecksTest extends BottleneckChecks {
  FamilyBottlenecksTest() {
    super("cpu");
  }
}
