package org.m2ib.pairing;

import javax.sql.DataSource;
import org.m2ib.cases.TestDatabase;

class PatientMergeTest extends PatientMergeChecks {
  @Override
  DataSource database() {
    return TestDatabase.source();
  }
}
