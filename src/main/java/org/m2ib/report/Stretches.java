package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.report.Headings.Form;
import org.m2ib.report.Headings.Heading;

/**
 * Divides a report's text at its headings. Not everything up to the next heading belongs to the
 * previous one: an indication ends at a blank line, an accession number at the end of its line, an
 * addendum at a rule. The text after that is loose, under no heading.
 */
final class Stretches {
  /**
   * @param section canonical name; {@code ""} for loose text
   * @param before for loose text, the section before it; {@code ""} at the report's beginning
   * @param heading kind of the heading before it; null at the beginning
   */
  record Stretch(String section, String before, Form heading, Span span) {
    boolean loose() {
      return section.isEmpty() && heading != Form.TITLE;
    }
  }

  /** Describe the request and the technique; one paragraph each. */
  static final Set<String> PREAMBLE = Set.of("history", "indication", "technique", "comparison");

  /** What looks like a heading within these belongs to them. */
  private static final Set<String> CLOSED =
      Set.of("addendum", "attestation", "notification", "preliminary", "recommendation");

  private static final Pattern BLANK_LINE = Pattern.compile("\n *(?=\n)");
  private static final Pattern RULE = Pattern.compile("(?m)^ *[-_=*~]{5,}+ *$");

  private final String plain;
  private final Set<String> attributed;
  private final List<Stretch> stretches = new ArrayList<>();
  private String section = "";
  private String before = "";
  private boolean bodySeen;

  private Stretches(String plain, Set<String> attributed) {
    this.plain = plain;
    this.attributed = attributed;
  }

  /** In order; together they cover the whole text except the headings. */
  static List<Stretch> of(String plain, List<Heading> headings, Set<String> attributed) {
    Stretches made = new Stretches(plain, attributed);
    Form form = null;
    int from = 0;
    for (Heading heading : headings) {
      made.add(form, from, heading.start());
      made.enter(heading);
      form = heading.form();
      from = heading.end();
      if (form == Form.TITLE) {
        made.stretches.add(
            new Stretch("", made.before, form, new Span(heading.start(), heading.end())));
        form = Form.KNOWN;
      }
    }
    made.add(form, from, plain.length());
    return made.stretches;
  }

  private void enter(Heading heading) {
    boolean open = attributed.contains(section);
    boolean closed = CLOSED.contains(section) || section.equals("signature") && bodySeen;
    switch (heading.form()) {
      case KNOWN -> {
        if (!heading.section().isEmpty()
            || !open) { // CHEST: among the findings does not begin a new report
          to(heading.section());
        }
      }
      case LABEL -> to(open || closed || section.isEmpty() ? section : "findings");
      default -> to(open || closed ? section : "");
    }
  }

  private void to(String next) {
    before = next.isEmpty() && !section.isEmpty() ? section : before;
    section = next;
  }

  private void add(Form form, int from, int to) {
    int end = to;
    String next = "";
    if (section.equals("administrative")) {
      end = endOfLine(from, to);
      String previous = stretches.isEmpty() ? "" : stretches.get(stretches.size() - 1).section();
      next = attributed.contains(previous) || CLOSED.contains(previous) ? previous : "";
    } else if (PREAMBLE.contains(section) || section.equals("signature") && !bodySeen) {
      end = after(BLANK_LINE, from, to);
    } else if (CLOSED.contains(section)) {
      end = after(RULE, from, to);
    }
    stretches.add(new Stretch(section, before, form, new Span(from, end)));
    bodySeen |=
        (attributed.contains(section) || section.isEmpty())
            && new Span(from, end).hasContent(plain);
    if (end < to || section.equals("administrative")) {
      to(next);
    }
    if (end < to) {
      add(form, end, to);
    }
  }

  private int endOfLine(int from, int to) {
    int feed = plain.indexOf('\n', content(from, to));
    return feed < 0 || feed > to ? to : feed;
  }

  /** End of the first match that follows some readable text. */
  private int after(Pattern end, int from, int to) {
    Matcher m = end.matcher(plain).region(content(from, to), to);
    return m.find() ? m.end() : to;
  }

  /** Offset of the first letter or digit, or of a placeholder for one: "COMPARISON: ___." */
  private int content(int from, int to) {
    int feed = plain.indexOf('\n', from);
    if (!new Span(from, feed < 0 || feed > to ? to : feed).isBlank(plain)) {
      return from;
    }
    int at = from;
    while (at < to && !Character.isLetterOrDigit(plain.charAt(at))) {
      at++;
    }
    return at;
  }
}
