package org.m2ib.judging;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.m2ib.cases.EmptyPostgres;

class JudgementPostgresIT extends JudgementChecks {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Override
  DataSource database() throws SQLException {
    return POSTGRES.database();
  }
}
