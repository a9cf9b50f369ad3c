package org.m2ib.holdings;

import javax.sql.DataSource;
import org.m2ib.cases.TestDatabase;

class HoldingsTest extends HoldingsChecks {
  @Override
  DataSource database() {
    return TestDatabase.source();
  }
}
