package org.m2ib.quality;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.m2ib.cases.Database;
import org.m2ib.cases.EmptyPostgres;

class QualityPostgresIT extends QualityChecks {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Override
  Database open() throws SQLException {
    return Database.open(POSTGRES.database());
  }
}
