package org.m2ib.cases;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The database behind the stores, H2 or PostgreSQL. Calls inside {@link #inTransaction} share its
 * transaction, whichever store they go to.
 */
public final class Database {
  /** Those that SQL cannot express. */
  public static final JavaMigration[] MIGRATIONS = {new V3__Similarities()};

  private final DataSource source;
  private final Jdbi jdbi;

  private Database(DataSource source) {
    this.source = source;
    this.jdbi = Jdbi.create(source);
  }

  /**
   * Migrates the schema.
   *
   * @throws StorageUnavailableException if the database cannot be reached or migrated
   */
  public static Database open(DataSource source) {
    try {
      Flyway.configure().dataSource(source).javaMigrations(MIGRATIONS).load().migrate();
    } catch (FlywayException e) {
      throw new StorageUnavailableException(
          "the database cannot be reached or brought up to date (quarkus.datasource.jdbc.url): "
              + firstLine(e.getMessage()),
          e);
    }
    return new Database(source);
  }

  private static String firstLine(String text) {
    return text == null ? "no reason given" : text.strip().lines().findFirst().orElse("");
  }

  /** Where its connections come from, for db-scheduler. */
  public DataSource source() {
    return source;
  }

  /**
   * Queries or updates, inside the current transaction if there is one.
   *
   * @throws StorageUnavailableException if the database fails
   * @throws UnstorableException if it can never store a value
   */
  public <T> T with(HandleCallback<T, RuntimeException> work) {
    return guard(() -> jdbi.withHandle(work));
  }

  /** The rows of a query. */
  public <T> List<T> list(RowMapper<T> row, String sql, Object... arguments) {
    return with(h -> h.select(sql, arguments).map(row).list());
  }

  /** Visits the rows of a query without holding all of them. */
  <T> void forEach(RowMapper<T> row, Consumer<T> action, String sql) {
    inTransaction( // PostgreSQL fetches in chunks only inside a transaction
        () ->
            with(
                h -> {
                  h.createQuery(sql).setFetchSize(1000).map(row).forEach(action);
                  return null;
                }));
  }

  /**
   * All or nothing.
   *
   * @throws StorageUnavailableException if the database fails
   */
  public <T> T inTransaction(Supplier<T> work) {
    return guard(() -> jdbi.inTransaction(handle -> work.get()));
  }

  /** As {@link #inTransaction(Supplier)}. */
  public void inTransaction(Runnable work) {
    inTransaction(
        () -> {
          work.run();
          return null;
        });
  }

  /** Whether it responds; for the readiness check. */
  public boolean answers() {
    try {
      return jdbi.withHandle(h -> h.select("select 1").mapTo(Integer.class).one()) == 1;
    } catch (JdbiException e) {
      return false;
    }
  }

  private static <T> T guard(Supplier<T> work) {
    try {
      return work.get();
    } catch (ConnectionException e) {
      throw new StorageUnavailableException("the database does not respond", e);
    } catch (JdbiException e) {
      // its own message quotes the values
      if (UnstorableException.isOfTheData(e)) {
        throw new UnstorableException("", "a value cannot be stored", e);
      }
      throw StorageUnavailableException.ofDatabase(e);
    }
  }
}
