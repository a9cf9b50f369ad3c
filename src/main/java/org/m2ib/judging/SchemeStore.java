package org.m2ib.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.m2ib.base.Digests;
import org.m2ib.cases.Database;

/** Every scheme that was in force, so that judgements made with it can be read when it is gone. */
public final class SchemeStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Database database;

  public SchemeStore(Database database) {
    this.database = database;
  }

  /**
   * Keeps a scheme that comes into force.
   *
   * @throws IllegalArgumentException if there are judgements with this version of it and it said
   *     something else then
   */
  public void keep(Scheme scheme) {
    String body = json(scheme);
    String hash = Digests.sha256(body);
    database.inTransaction(
        () -> {
          Optional<String> before =
              database
                  .list(
                      (row, context) -> row.getString("hash"),
                      "select hash from scheme where code = ? and version = ?",
                      scheme.code(),
                      scheme.version())
                  .stream()
                  .findFirst();
          if (before.isPresent() && !before.get().equals(hash) && isUsed(scheme)) {
            throw new IllegalArgumentException(
                "scheme %s version %s is not as it was when it was judged with: give it another version"
                    .formatted(scheme.code(), scheme.version()));
          }
          database.with(
              h ->
                  before.isPresent()
                      ? h.execute(
                          "update scheme set hash = ?, body = ? where code = ? and version = ?",
                          hash,
                          body,
                          scheme.code(),
                          scheme.version())
                      : h.execute(
                          "insert into scheme (hash, body, code, version) values (?, ?, ?, ?)",
                          hash,
                          body,
                          scheme.code(),
                          scheme.version()));
        });
  }

  private boolean isUsed(Scheme scheme) {
    return !database
        .list(
            (row, context) -> row.getInt(1),
            "select 1 from judgement where scheme = ? and version = ? limit 1",
            scheme.code(),
            scheme.version())
        .isEmpty();
  }

  public List<Scheme> all() {
    return database.list(
        (row, context) -> read(row.getString("body")),
        "select body from scheme order by code, version");
  }

  private static String json(Scheme scheme) {
    try {
      return JSON.writeValueAsString(scheme);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Scheme read(String json) {
    try {
      return JSON.readValue(json, Scheme.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
