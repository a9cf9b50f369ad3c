package org.m2ib.intake.dicom;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.ReportSections;

/**
 * Reads the content tree of a DICOM structured report (PS3.3 C.17.3) as a reader sees it: TEXT,
 * CODE and NUM items in order, with the names of their containers as headings. Codes and numbers
 * have their modifiers (HAS CONCEPT MOD: a side, an absence) after them. Observation and
 * acquisition context (HAS OBS CONTEXT, HAS ACQ CONTEXT) are not report text.
 *
 * <p>What a container or an item belongs to is decided by the outermost known section: a finding
 * under "Previous Findings" is no finding of this study.
 */
final class StructuredReport {
  /** Deepest content that is read; real reports have about ten levels. */
  static final int DEEPEST = 50;

  /** Longest text that is read, in UTF-16 units; public reports have up to some 15,000. */
  static final int LONGEST = 1_000_000;

  /** (121049, DCM) Language of Content Item and Descendants, and its country (TID 1204). */
  private static final Set<String> LANGUAGE = Set.of("121049", "121045", "121046");

  /** Names of items that say nothing of them, such as (121106, DCM) Comment. */
  private static final Pattern UNNAMED =
      Pattern.compile(".*\\b(text|report|comment)\\b.*", Pattern.CASE_INSENSITIVE);

  /** UCUM units that are written as their code; others, such as {@code [hnsf'U]}, by meaning. */
  private static final Pattern UNIT = Pattern.compile("[A-Za-z%/0-9.*^-]+");

  private final ReportSections.Builder text = new ReportSections.Builder();
  private final Set<String> notes = new LinkedHashSet<>();
  private int length;
  private boolean narrative;
  private String before; // section of the last part

  /** Text of one container without its own line breaks (CONTINUOUS); null outside of any. */
  private StringBuilder line;

  private StructuredReport() {}

  /**
   * @param text with line feeds; blank if there is none
   * @param narrative whether anybody has written something: a text, or the code of a finding
   * @param notes what was left out
   */
  record Read(String text, boolean narrative, List<String> notes) {}

  static Read read(DicomObject object) {
    StructuredReport report = new StructuredReport();
    report.items(object, null, 1);
    return new Read(report.text.text().strip(), report.narrative, new ArrayList<>(report.notes));
  }

  private void items(DicomObject parent, String section, int depth) {
    List<DicomObject> children = parent.sequence(Tags.ContentSequence);
    if (depth > DEEPEST && !children.isEmpty()) {
      notes.add("content nested more than " + DEEPEST + " levels deep was left out");
      return;
    }
    for (DicomObject item : children) {
      String relationship = item.string(Tags.RelationshipType, "");
      if (relationship.startsWith("HAS ") && !relationship.equals("HAS PROPERTIES")) {
        continue;
      }
      if (length >= LONGEST) {
        return;
      }
      String own = section(item, section);
      if (item.string(Tags.ValueType, "").equals("CONTAINER")) {
        container(item, own, section, depth);
      } else {
        item(item, own);
        items(item, own, depth + 1);
      }
    }
  }

  /** The section an item belongs to: that of the item around it, unless it names one itself. */
  private static String section(DicomObject item, String around) {
    List<DicomObject> name = item.sequence(Tags.ConceptNameCodeSequence);
    String own =
        name.isEmpty()
            ? null
            : ReportSections.heading(code(name.get(0)), name.get(0).string(Tags.CodeMeaning));
    return own == null || isClosed(around) ? around : own;
  }

  private void container(DicomObject container, String own, String around, int depth) {
    boolean named = own != null && !own.equals(around);
    String name = meaning(container.sequence(Tags.ConceptNameCodeSequence));
    if (!named && !isClosed(own) && !name.isEmpty() && line == null) {
      // a name of the department's own, or of a part of a section: what it is, the splitter decides
      add(own, "\n" + name + ":");
    }
    boolean continuous = "CONTINUOUS".equals(container.string(Tags.ContinuityOfContent));
    if (!continuous || line != null) {
      items(container, own, depth + 1);
      return;
    }
    line = new StringBuilder();
    items(container, own, depth + 1);
    String said = line.toString();
    line = null;
    add(own, said);
  }

  private void item(DicomObject item, String section) {
    String type = item.string(Tags.ValueType, "");
    String said =
        switch (type) {
          case "TEXT" -> lines(item.string(Tags.TextValue, ""));
          case "CODE" -> meaning(item.sequence(Tags.ConceptCodeSequence));
          case "NUM" -> number(item.sequence(Tags.MeasuredValueSequence));
          default -> "";
        };
    if (said.isBlank()) {
      return;
    }
    narrative |=
        type.equals("TEXT") && said.codePoints().anyMatch(Character::isLetter)
            || type.equals("CODE") && section != null && ReportSections.isBody(section);
    if (!type.equals("TEXT")) {
      said += modifiers(item);
    }
    if (line == null) {
      add(section, named(item, said, section));
    } else {
      line.append(line.isEmpty() ? "" : " ").append(said);
    }
  }

  /**
   * With the item's name, unless that only says which section it is in, or what it names is a
   * sentence, which needs none.
   */
  private static String named(DicomObject item, String said, String section) {
    List<DicomObject> names = item.sequence(Tags.ConceptNameCodeSequence);
    String name = meaning(names);
    if (name.isEmpty()
        || UNNAMED.matcher(name).matches()
        || item.string(Tags.ValueType, "").equals("TEXT") && said.split("\\s+", 4).length > 3
        || ReportSections.heading(code(names.get(0)), name) != null) {
      return said;
    }
    if (isClosed(section)) {
      return said + " (" + name + ")"; // before it, it might read as the heading of another section
    }
    return name + ": " + said;
  }

  private static boolean isClosed(String section) {
    return section != null && !ReportSections.isBody(section);
  }

  /** Sides, presence and the like, as {@code ", Left"}; without the language. */
  private static String modifiers(DicomObject item) {
    StringBuilder all = new StringBuilder();
    for (DicomObject modifier : item.sequence(Tags.ContentSequence)) {
      List<DicomObject> name = modifier.sequence(Tags.ConceptNameCodeSequence);
      if (modifier.string(Tags.RelationshipType, "").equals("HAS CONCEPT MOD")
          && (name.isEmpty() || !LANGUAGE.contains(code(name.get(0))))) {
        String said =
            modifier.string(Tags.ValueType, "").equals("TEXT")
                ? lines(modifier.string(Tags.TextValue, ""))
                : meaning(modifier.sequence(Tags.ConceptCodeSequence));
        all.append(said.isEmpty() ? "" : ", " + said);
      }
    }
    return all.toString();
  }

  /**
   * @param section null if it belongs to none
   */
  private void add(String section, String said) {
    boolean leaves = section == null && before != null && !said.isBlank();
    // a history or a comparison would end at a blank line
    String part = isClosed(section) ? said.replaceAll("\n\\s*\n", "\n") : said;
    if (part.length() > LONGEST - length) {
      part = part.substring(0, LONGEST - length);
      notes.add("only the first %,d characters were read".formatted(LONGEST));
    }
    length += part.length();
    text.add(leaves ? ReportSections.REST : section, part);
    before = section != null ? section : leaves ? ReportSections.REST : before;
  }

  private static String number(List<DicomObject> measured) {
    if (measured.isEmpty()) {
      return "";
    }
    String value = measured.get(0).string(Tags.NumericValue, "");
    List<DicomObject> units = measured.get(0).sequence(Tags.MeasurementUnitsCodeSequence);
    String unit = units.isEmpty() ? "" : code(units.get(0));
    if (!unit.isEmpty() && !UNIT.matcher(unit).matches()) {
      unit = meaning(units);
    }
    return unit.isEmpty() || unit.equals("1") || value.isEmpty() ? value : value + " " + unit;
  }

  /** The language of the whole document (TID 1204), as BCP 47 has it; null if it names none. */
  static String language(DicomObject object) {
    for (DicomObject item : object.sequence(Tags.ContentSequence)) {
      List<DicomObject> name = item.sequence(Tags.ConceptNameCodeSequence);
      List<DicomObject> value = item.sequence(Tags.ConceptCodeSequence);
      if (!name.isEmpty() && !value.isEmpty() && code(name.get(0)).equals("121049")) {
        String country =
            item.sequence(Tags.ContentSequence).stream()
                .map(child -> child.sequence(Tags.ConceptCodeSequence))
                .filter(codes -> !codes.isEmpty())
                .map(codes -> code(codes.get(0)))
                .findFirst()
                .orElse("");
        return LanguageTag.of(code(value.get(0)), country);
      }
    }
    return null;
  }

  private static String lines(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').strip();
  }

  private static String meaning(List<DicomObject> codes) {
    return codes.isEmpty() ? "" : codes.get(0).string(Tags.CodeMeaning, "");
  }

  /** The code itself, of whatever length (PS3.3 Table 8.8-1). */
  static String code(DicomObject code) {
    return code.string(
        Tags.CodeValue, code.string(Tags.LongCodeValue, code.string(Tags.URNCodeValue, "")));
  }
}
