package org.m2ib.cases;

import java.sql.SQLException;
import java.util.Set;

/**
 * The disk or the database cannot store the message now. Adapters answer with their protocol's "try
 * again": DICOM A700, HL7 AE, HTTP 503.
 */
public final class StorageUnavailableException extends RuntimeException {
  /** A lock was not given in time, in H2 and in PostgreSQL. */
  private static final Set<String> LOCKED = Set.of("HYT00", "55P03");

  public StorageUnavailableException(String what, Throwable cause) {
    super(what, cause);
  }

  /** Of a database, with its SQLSTATE: the message of the cause may quote values. */
  static StorageUnavailableException ofDatabase(Throwable cause) {
    String state = state(cause);
    return new StorageUnavailableException(
        "the database failed" + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")"), cause);
  }

  /**
   * Whether the database rolled the transaction back for another's sake: one of two that wait for
   * each other (ISO 9075-2 24.1, class 40), or one that waited too long for a lock. The same again
   * may succeed.
   */
  public boolean isRolledBack() {
    String state = state(getCause());
    return state.startsWith("40") || LOCKED.contains(state);
  }

  private static String state(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }
}
