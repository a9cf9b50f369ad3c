package org.m2ib.cases;

import java.sql.SQLException;
import java.util.Set;

/**
 * A value that the database can never store, so that resending it is useless. Adapters answer with
 * their protocol's "never": DICOM C000, HL7 AR, HTTP 400.
 */
public final class UnstorableException extends IllegalArgumentException {
  /**
   * Classes of SQLSTATE (ISO 9075-2 24.1, PostgreSQL appendix A) caused by the data: data
   * exception, integrity constraint violation, program limit exceeded. All others (connection,
   * transaction rollback, resources, operator, system) may be temporary.
   */
  private static final Set<String> OF_THE_DATA = Set.of("22", "23", "54");

  /** Two threads wrote the same row; a retry of the second finds it. */
  private static final String UNIQUE_VIOLATION = "23505";

  private static final int INDEXABLE = 2000;
  private final String field;

  public UnstorableException(String field, String message, Throwable cause) {
    super(message, cause);
    this.field = field;
  }

  /** The field as named in its record, {@code accessionNumber}; {@code ""} if unknown. */
  public String field() {
    return field;
  }

  static boolean isOfTheData(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof SQLException sql && sql.getSQLState() != null) {
        return OF_THE_DATA.contains(sql.getSQLState().substring(0, 2))
            && !sql.getSQLState().equals(UNIQUE_VIOLATION);
      }
    }
    return false;
  }

  /** Finds out which field of these records it was, if possible, without its value. */
  UnstorableException of(Record... records) {
    for (Record record : records) {
      for (var component : record.getClass().getRecordComponents()) {
        if (component.getType() == String.class) {
          String wrong = wrong(read(record, component), component.getName().equals("text"));
          if (!wrong.isEmpty()) {
            return new UnstorableException(
                component.getName(), component.getName() + " " + wrong, this);
          }
        }
      }
    }
    return this;
  }

  private static String wrong(String value, boolean free) {
    if (value == null) {
      return "";
    }
    if (value.indexOf('\0') >= 0) {
      return "contains a NUL character";
    }
    if (value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= '\uDFFF')) {
      return "contains an unpaired surrogate";
    }
    return free || value.length() <= INDEXABLE
        ? ""
        : "has %d characters, which is too long".formatted(value.length());
  }

  private static String read(Record record, java.lang.reflect.RecordComponent component) {
    try {
      return (String) component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
