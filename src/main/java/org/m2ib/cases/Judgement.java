package org.m2ib.cases;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A person's verdict on one result. All are kept; of one person's on one result the latest counts.
 *
 * @param resultId {@link StoredResult#id()}
 * @param note the person's own words, {@code ""} for none; at most {@value #LONGEST_NOTE}
 *     characters, without control characters except tabs and line breaks
 * @param person sign-in name
 * @param at time of the judgement
 * @param undone whether the person has undone it; it is kept and does not count
 */
public record Judgement(
    UUID id,
    UUID caseId,
    UUID resultId,
    Verdict verdict,
    String note,
    String person,
    Instant at,
    boolean undone) {

  /** UTF-16 units. */
  public static final int LONGEST_NOTE = 2000;

  /**
   * @throws IllegalArgumentException if the note is too long or contains invalid characters; the
   *     message does not quote it
   */
  public Judgement {
    if (note.length() > LONGEST_NOTE) {
      throw new IllegalArgumentException(
          "note: %d characters, at most %d".formatted(note.length(), LONGEST_NOTE));
    }
    if (!StorableText.is(note)) {
      throw new IllegalArgumentException("note: it contains control characters");
    }
  }

  /**
   * Those that count: the first of each person on each result that is not undone.
   *
   * @param latestFirst in the order of {@link JudgementStore#of}
   */
  public static List<Judgement> counting(List<Judgement> latestFirst) {
    Set<Object> seen = new HashSet<>();
    return latestFirst.stream()
        .filter(j -> !j.undone() && seen.add(List.of(j.resultId(), j.person())))
        .toList();
  }
}
