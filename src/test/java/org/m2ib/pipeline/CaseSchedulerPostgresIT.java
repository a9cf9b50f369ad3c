package org.m2ib.pipeline;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.m2ib.cases.EmptyPostgres;

class CaseSchedulerPostgresIT extends CaseSchedulerChecks {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Override
  DataSource source() throws SQLException {
    return POSTGRES.database();
  }
}
