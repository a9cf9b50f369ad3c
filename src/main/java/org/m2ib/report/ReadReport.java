package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The result of reading a report: every sentence and, if it is not attributed, the reason.
 *
 * @param language the report's, as stated or found
 * @param parts the sentences in the report's order
 * @param unknownHeadings lines, counted from 1, with text that looks like a heading but is unknown
 * @param notes remarks about how the report was read, without text of the report
 * @param quoting the same for use where the report may be quoted: with the unknown headings
 */
public record ReadReport(
    Language language,
    List<Part> parts,
    List<Integer> unknownHeadings,
    List<String> notes,
    List<String> quoting) {

  /**
   * A sentence.
   *
   * @param leftOutAs category of a sentence that is left out: a section's name, {@code title},
   *     {@code no heading}, {@code limit}; {@code ""} if it is attributed
   * @param reason why it is left out, or why it is attributed without a heading; {@code ""} if its
   *     section explains it
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

  /** The attributed share of the sentences' characters, and the categories of the rest. */
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
      return "the report has no sentences";
    }
    String rest =
        leftOut.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return "%.0f %% of the report is attributed (%d of %d characters)%s"
        .formatted(
            Math.floor(100.0 * attributed / all),
            attributed,
            all,
            rest.isEmpty() ? "" : ", left out: " + rest);
  }

  /** The share, unless it is 100 %, and the notes; without text of the report. */
  public List<String> forCase() {
    List<String> all = new ArrayList<>(notes);
    if (parts.isEmpty() || !parts.stream().allMatch(Part::attributed)) {
      all.add(0, share());
    }
    return all;
  }
}
