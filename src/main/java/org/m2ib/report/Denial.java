package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the denials of a sentence reach. A part that none certainly reaches makes the whole
 * unclear: of the two mistakes, a finding that is stated and passes for denied is the worse.
 */
final class Denial {
  private static final Pattern COMMA = Pattern.compile("[,、]");

  /** Words, of which a label in front of a colon has few: "Right lung: no nodule." */
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private static final int LABEL = 4;
  private static final Pattern SHORT = Pattern.compile("(?<!\\p{L})\\p{L}{1,3}(?!\\p{L})");
  private static final Pattern LETTER = Pattern.compile("\\p{L}");

  /** In place of what may be so, which is no denial. */
  private static final String POSSIBLE = " … ";

  private static final Pattern CONTENT = Pattern.compile("[\\p{L}…]");

  /**
   * A part between commas and words as "and".
   *
   * @param list whether it follows only a comma
   * @param label whether a colon ends it
   */
  private record Part(String text, boolean list, boolean label) {}

  private Denial() {}

  static Optional<Boolean> whole(String sentence, Language language) {
    LanguageTable table = LanguageTable.of(language);
    String folded =
        table.comma.matcher(LanguageTable.fold(sentence, language).strip()).replaceAll(",");
    String said = table.possible.matcher(folded).replaceAll(POSSIBLE);
    if (table.unclear.matcher(said).find()) {
      return Optional.empty();
    }
    if (!table.denial.matcher(said).find()) {
      return Optional.of(false);
    }
    boolean one = !table.contrast.matcher(said).find() && !table.spokenStop.matcher(said).find();
    boolean all = one && reachesAll(parts(said, table), table);
    return all ? Optional.of(true) : Optional.empty();
  }

  private static boolean reachesAll(List<Part> parts, LanguageTable table) {
    boolean reached = false;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Matcher denial = table.denial.matcher(part.text());
      if (denial.find()) {
        if (statesBefore(part.text(), denial, table)) {
          return false;
        }
        reached = true;
      } else if (reached ? !goesOn(parts, i, table) : !leads(parts, i, table)) {
        return false;
      }
    }
    return true;
  }

  /** "Small effusion without pneumothorax"; "Left lung without effusion" states nothing. */
  private static boolean statesBefore(String part, Matcher denial, LanguageTable table) {
    if (!table.without.matcher(denial.group()).matches()) {
      return false;
    }
    String before = part.substring(0, denial.start());
    for (Pattern word : List.of(table.structure, table.left, table.right, table.both, SHORT)) {
      before = word.matcher(before).replaceAll(" ");
    }
    return LETTER.matcher(before).find();
  }

  /** Whether a list with "or" in its last part goes on here: "no mass, nodule, or effusion". */
  private static boolean goesOn(List<Part> parts, int at, LanguageTable table) {
    int last = at;
    while (last + 1 < parts.size()
        && !table.denial.matcher(parts.get(last + 1).text()).find()
        && parts.get(last + 1).list()) {
      last++;
    }
    return parts.get(at).list() && table.or.matcher(parts.get(last).text()).find();
  }

  /** Whether a part in front of the first denial states nothing by itself. */
  private static boolean leads(List<Part> parts, int at, LanguageTable table) {
    Part part = parts.get(at);
    boolean label = at == 0 && part.label() && WORD.matcher(part.text()).results().count() <= LABEL;
    boolean denialFollows = table.denialLast && !table.asserting.matcher(part.text()).find();
    return label || denialFollows;
  }

  private static List<Part> parts(String said, LanguageTable table) {
    List<Part> parts = new ArrayList<>();
    Matcher end = table.partEnd.matcher(said);
    int start = 0;
    boolean list = true;
    boolean more = true;
    while (more) {
      more = end.find();
      String text = said.substring(start, more ? end.start() : said.length());
      if (CONTENT.matcher(text).find()) {
        parts.add(new Part(text, list, more && end.group().equals(":")));
        list = true;
      }
      if (more) {
        list &= COMMA.matcher(end.group()).matches();
        start = end.end();
      }
    }
    return parts;
  }
}
