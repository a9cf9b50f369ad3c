package org.m2ib.cases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A real PostgreSQL for one test class, emptied for each test. */
public final class EmptyPostgres implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  public EmptyPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  public DataSource database() throws SQLException {
    DataSource source = postgres.getPostgresDatabase();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop schema public cascade");
      statement.execute("create schema public");
    }
    return source;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
