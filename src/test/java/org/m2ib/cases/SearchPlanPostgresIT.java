package org.m2ib.cases;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SearchPlanPostgresIT extends SearchPlanChecks {
  private static EmptyPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = new EmptyPostgres();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Override
  Database open() throws SQLException {
    return Database.open(postgres.database());
  }
}
