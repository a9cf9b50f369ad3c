package org.m2ib.quality;

import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;

class QualityTest extends QualityChecks {
  @Override
  Database open() {
    return TestDatabase.h2();
  }
}
