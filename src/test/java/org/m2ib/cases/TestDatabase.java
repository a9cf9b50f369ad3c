package org.m2ib.cases;

import java.lang.reflect.Proxy;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Databases for tests, each empty and of its own. */
public final class TestDatabase {
  private TestDatabase() {}

  /** H2 in memory. */
  public static Database h2() {
    return Database.open(source());
  }

  /** H2 in memory that runs something before each transaction, in the same thread. */
  public static Database h2(Runnable before) {
    DataSource source = source();
    return Database.open(
        (DataSource)
            Proxy.newProxyInstance(
                TestDatabase.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("getConnection")) {
                    before.run();
                  }
                  return method.invoke(source, arguments);
                }));
  }

  /** H2 in memory, without the schema. */
  public static DataSource source() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return source;
  }
}
