package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was made of a report's text: every sentence, and of each that is not attributed why.
 *
 * @param parts the sentences in the report's order
 * @param unknownHeadings lines, counted from 1, of what looks like a heading and is not known
 * @param notes what a person should know of how it was read, in sentences without text of the
 *     report
 * @param quoting the same where the report may be quoted: with the headings that are not known
 */
public record ReadReport(
    List<Part> parts, List<Integer> unknownHeadings, List<String> notes, List<String> quoting) {

  /**
   * A sentence.
   *
   * @param leftOutAs what it was left out as: a section's name, {@code title}, {@code no heading},
   *     {@code limit}; {@code ""} for one that is attributed
   * @param reason why it is left out, or why it is attributed though no heading says so; {@code ""}
   *     where its section says all
   */
  public record Part(Sentence sentence, String leftOutAs, String reason) {
    public boolean attributed() {
      return leftOutAs.isEmpty();
    }
  }

  public List<Sentence> attributed() {
    return parts.stream().filter(Part::attributed).map(Part::sentence).toList();
  }

  public List<Sentence> all() {
    return parts.stream().map(Part::sentence).toList();
  }

  /** Which share of the sentences' characters is attributed, and what the rest was left out as. */
  public String share() {
    long all = 0;
    long attributed = 0;
    Map<String, Integer> leftOut = new TreeMap<>();
    for (Part part : parts) {
      int length = part.sentence().text().length();
      all += length;
      attributed += part.attributed() ? length : 0;
      if (!part.attributed()) {
        leftOut.merge(part.leftOutAs(), length, Integer::sum);
      }
    }
    if (all == 0) {
      return "the report has no sentence";
    }
    String rest =
        leftOut.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return "%.0f %% of the report's text is attributed (%d of %d characters)%s"
        .formatted(
            Math.floor(100.0 * attributed / all),
            attributed,
            all,
            rest.isEmpty() ? "" : ", left out: " + rest);
  }

  /** The share where it is not all, and the notes; without text of the report. */
  public List<String> forCase() {
    List<String> all = new ArrayList<>(notes);
    if (parts.isEmpty() || !parts.stream().allMatch(Part::attributed)) {
      all.add(0, share());
    }
    return all;
  }
}
