package org.m2ib.cases;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.RegisterExtension;

class SearchPlanPostgresIT extends SearchPlanChecks {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Override
  Database open() throws SQLException {
    return Database.open(POSTGRES.database());
  }
}
