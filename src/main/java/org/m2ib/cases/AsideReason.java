package org.m2ib.cases;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Why an arrival could not be processed, in words for the person who looks after it. Which class
 * failed where is for the log.
 */
public enum AsideReason {
  VALUE("a value in it is missing or not one that its standard allows"),
  STORED("the database does not take a value of it"),
  FILE("what was received cannot be read from the data folder"),
  CIRCLE(ArrivalStore.CIRCLE),
  UNEXPECTED("it failed in a way that is not foreseen");

  private static final String LOGGED = "; the log of this time says where";

  private final String words;

  AsideReason(String words) {
    this.words = words;
  }

  /** As answers name it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** In English. */
  public String words() {
    return this == CIRCLE ? words : words + LOGGED;
  }

  public static AsideReason of(Throwable failure) {
    if (failure instanceof UnstorableException) {
      return STORED;
    }
    if (failure instanceof UncheckedIOException) {
      return FILE;
    }
    return failure instanceof IllegalArgumentException ? VALUE : UNEXPECTED;
  }

  /** What was kept; a service of before kept words, or a class and its place. */
  static AsideReason kept(String kept) {
    return Arrays.stream(values())
        .filter(reason -> reason.code().equals(kept) || reason.words.equals(kept))
        .findFirst()
        .orElse(UNEXPECTED);
  }
}
