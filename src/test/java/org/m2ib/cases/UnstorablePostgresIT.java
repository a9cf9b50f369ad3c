package org.m2ib.cases;

import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class UnstorablePostgresIT extends UnstorableChecks {
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
  DataSource database() throws SQLException {
    return postgres.database();
  }
}
