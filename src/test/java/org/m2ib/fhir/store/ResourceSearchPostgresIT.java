package org.m2ib.fhir.store;

import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.m2ib.cases.EmptyPostgres;

class ResourceSearchPostgresIT extends ResourceSearchChecks {
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
