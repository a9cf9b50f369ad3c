package org.m2ib.cases;

import java.sql.SQLException;
import java.util.Arrays;

/** Describes an unexpected exception by its class and place, since its message may quote data. */
public final class FailurePlace {
  private FailurePlace() {}

  /**
   * Class, SQLSTATE of a database error, and place: {@code UnstorableException (SQLSTATE 22001) at
   * org.m2ib.cases.CaseStore.create(CaseStore.java:57)}.
   */
  public static String of(Throwable e) {
    return e.getClass().getSimpleName()
        + sqlState(e)
        + Arrays.stream(e.getStackTrace())
            .filter(frame -> !frame.getClassName().equals(Database.class.getName()))
            .findFirst()
            .map(frame -> " at " + frame)
            .orElse("");
  }

  private static String sqlState(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return " (SQLSTATE " + sql.getSQLState() + ")";
      }
    }
    return "";
  }
}
