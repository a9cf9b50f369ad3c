package org.m2ib.cases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How much room the database takes. */
public final class DatabaseSize {
  private DatabaseSize() {}

  /**
   * @return bytes; empty if it is in memory, or does not say
   * @throws StorageUnavailableException if it does not answer
   */
  public static Optional<Long> of(Database database) {
    boolean embedded =
        database.with(h -> h.queryMetadata(DatabaseMetaData::getDatabaseProductName)).equals("H2");
    if (!embedded) {
      return one(
          database.list(
              (row, context) -> row.getLong(1), "select pg_database_size(current_database())"));
    }
    return one(database.list((row, context) -> row.getString(1), "select database_path()"))
        .map(path -> Path.of(path + ".mv.db"))
        .filter(Files::exists)
        .flatMap(DatabaseSize::length);
  }

  private static <T> Optional<T> one(List<T> rows) {
    return rows.stream().filter(Objects::nonNull).findFirst();
  }

  private static Optional<Long> length(Path file) {
    try {
      return Optional.of(Files.size(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
