package org.m2ib.cases;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class JudgementPostgresIT extends JudgementChecks {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Override
  DataSource database() throws SQLException {
    return POSTGRES.database();
  }
}
