package org.m2ib.pipeline;

import javax.sql.DataSource;
import org.m2ib.cases.TestDatabase;

class CaseSchedulerTest extends CaseSchedulerChecks {
  @Override
  DataSource source() {
    return TestDatabase.source();
  }
}
