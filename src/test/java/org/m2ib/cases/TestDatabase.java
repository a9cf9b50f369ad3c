package org.m2ib.cases;

import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;

/** Databases for tests, each empty and of its own. */
public final class TestDatabase {
  private TestDatabase() {}

  /** H2 in memory. */
  public static Database h2() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return Database.open(source);
  }
}
