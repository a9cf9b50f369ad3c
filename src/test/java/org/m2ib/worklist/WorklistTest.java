package org.m2ib.worklist;

import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;

class WorklistTest extends WorklistChecks {
  @Override
  Database open() {
    return TestDatabase.h2();
  }
}
