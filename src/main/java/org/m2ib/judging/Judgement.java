package org.m2ib.judging;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.m2ib.cases.StorableText;

/**
 * A person's answers about one result. All are kept; of one person's in one {@link #place} the
 * latest counts.
 *
 * @param id made by the client or the service; the same judgement sent twice has the same
 * @param resultId {@link org.m2ib.cases.StoredResult#id()}
 * @param scheme {@link Scheme#code()}
 * @param version {@link Scheme#version()}
 * @param answers choices by question
 * @param stage what the person had seen
 * @param readers how many persons judge independently: while fewer have, each sees only their own
 * @param arbitration whether it decides between readers that differ
 * @param campaign in which it was asked for; null outside of one
 * @param region where the finding is, as the person drew it; null if they did not
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
    String scheme,
    String version,
    Map<String, String> answers,
    Stage stage,
    int readers,
    boolean arbitration,
    UUID campaign,
    Region region,
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
    answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
  }

  /**
   * Where it replaces an earlier one: what a person says with another scheme, in another campaign
   * or before the map is shown stands beside the rest.
   */
  public record Place(UUID resultId, String scheme, UUID campaign, Stage stage, String person) {}

  /** What is judged independently of the rest. */
  public record Unit(UUID resultId, String scheme, UUID campaign) {}

  public Unit unit() {
    return new Unit(resultId, scheme, campaign);
  }

  public Place place() {
    return new Place(resultId, scheme, campaign, stage, person);
  }

  /**
   * Those that count: the first in each place that is not undone.
   *
   * @param latestFirst in the order of {@link JudgementStore#of}
   */
  public static List<Judgement> counting(List<Judgement> latestFirst) {
    Set<Place> seen = new HashSet<>();
    return latestFirst.stream().filter(j -> !j.undone() && seen.add(j.place())).toList();
  }
}
