package org.m2ib.cases;

class SearchPlanTest extends SearchPlanChecks {
  @Override
  Database open() {
    return TestDatabase.h2();
  }
}
