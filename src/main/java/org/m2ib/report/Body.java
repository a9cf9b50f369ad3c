package org.m2ib.report;

import java.util.List;
import java.util.Set;
import org.m2ib.report.Headings.Form;
import org.m2ib.report.ReportSentences.Draft;

/** Decides which sentences of a report form its body, and what the others are. */
final class Body {
  /**
   * @param section section assigned to the sentence
   * @param leftOutAs see {@link ReadReport.Part}
   * @param reason see {@link ReadReport.Part}
   */
  record Verdict(String section, String leftOutAs, String reason) {}

  private static final String GUESSED = "under no heading; treated as the report's body";

  private final List<Draft> drafts;
  private final Set<String> attributed;
  private final boolean bodyKnown;
  private final int[] looseFrom;
  private final boolean[] footer;
  private boolean guessed;

  private Body(List<Draft> drafts, Set<String> attributed) {
    this.drafts = drafts;
    this.attributed = attributed;
    this.footer = new boolean[drafts.size()];
    this.bodyKnown = has(d -> isBodySection(d.stretch().section()) && d.kind() == null);
    markFooters();
    this.looseFrom = looseWithinPreamble();
  }

  static Body of(List<Draft> drafts, Set<String> attributed) {
    return new Body(drafts, attributed);
  }

  /** Whether a sentence was attributed although no heading introduces the findings. */
  boolean guessed() {
    return guessed;
  }

  Verdict of(int i) {
    Draft draft = drafts.get(i);
    String section = draft.stretch().section();
    if (draft.stretch().heading() == Form.TITLE) {
      return new Verdict("", "title", "names the examination, not a finding");
    }
    boolean loose = draft.stretch().loose() || i >= looseFrom[0] && i < looseFrom[1];
    if (loose && bodyKnown) {
      String before = draft.stretch().before();
      return before.isEmpty()
          ? new Verdict(
              "",
              draft.kind() == null ? "no heading" : draft.kind(),
              "under no heading, in a report that has a heading for its findings")
          : new Verdict(
              before,
              draft.kind() == null ? before : draft.kind(),
              "after section " + before + ", in a report that has a heading for its findings");
    }
    if (!loose && !attributed.contains(section)) {
      return new Verdict(section, section, "in section " + section + ", which is not attributed");
    }
    section = loose ? "" : section;
    if (draft.kind() != null && !attributed.contains(draft.kind())) {
      return new Verdict(section, draft.kind(), "reads as " + draft.kind() + ", not as a finding");
    }
    if (footer[i]) {
      return new Verdict(section, "signature", "follows a signature");
    }
    guessed |= loose;
    return new Verdict(section, "", loose ? GUESSED : "");
  }

  private boolean isBodySection(String section) {
    return attributed.contains("findings")
        ? section.equals("findings")
        : attributed.contains(section);
  }

  private boolean has(java.util.function.Predicate<Draft> test) {
    return drafts.stream().anyMatch(test);
  }

  /**
   * Marks everything after a signature, in its paragraph and after a previous body, up to a
   * heading.
   */
  private void markFooters() {
    boolean seen = false;
    Draft signature = null;
    for (int i = 0; i < drafts.size(); i++) {
      Draft draft = drafts.get(i);
      boolean heading =
          i > 0
              && draft.stretch() != drafts.get(i - 1).stretch()
              && draft.stretch().heading() != Form.UNKNOWN;
      boolean body = attributed.contains(draft.stretch().section()) || draft.stretch().loose();
      if (heading) {
        signature = null;
      }
      if ("signature".equals(draft.kind())) {
        signature = draft;
      } else if (signature != null && (seen || signature.paragraph() == draft.paragraph())) {
        footer[i] = true;
      }
      seen |= body && draft.kind() == null && !footer[i];
    }
  }

  /**
   * Without any other body: the sentences after the first line, or first sentence, of the last
   * paragraph that describes the request and the technique.
   *
   * @return first and one past last, as indexes of {@link #drafts}
   */
  private int[] looseWithinPreamble() {
    int[] none = {0, 0};
    if (bodyKnown || has(d -> d.stretch().loose() && d.kind() == null)) {
      return none;
    }
    boolean concluded = has(d -> attributed.contains(d.stretch().section()) && d.kind() == null);
    int last = -1;
    for (int i = 0; i < drafts.size(); i++) {
      if (attributed.contains(drafts.get(i).stretch().section())) {
        break;
      }
      last = Stretches.PREAMBLE.contains(drafts.get(i).stretch().section()) ? i : last;
    }
    if (last < 0) {
      return none;
    }
    int first = last;
    while (first > 0 && drafts.get(first - 1).stretch() == drafts.get(last).stretch()) {
      first--;
    }
    int from = first + 1;
    while (from <= last && concluded && !drafts.get(from).beginsLine()) {
      from++;
    }
    return new int[] {from, last + 1};
  }
}
