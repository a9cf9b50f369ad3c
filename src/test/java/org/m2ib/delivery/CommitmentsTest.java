package org.m2ib.delivery;

import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;

class CommitmentsTest extends CommitmentChecks {
  @Override
  Database database() {
    return TestDatabase.h2();
  }
}
