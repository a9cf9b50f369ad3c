package org.m2ib.intake;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Section headings for senders that code a report's sections, with HL7 observation identifiers or
 * FHIR Observation codes, instead of writing headings in the text. Each heading is inserted before
 * its section, so section splitting sees the same text as in a report written in one piece.
 */
public final class ReportSections {
  /**
   * Keyed by LOINC code, DICOM code (PS3.16 CID 7001, CID 7002) or the HL7 2.x suffix in OBX-3.1.2
   * (HL7 v2.5.1 7.2.4).
   */
  private static final Map<String, String> BY_CODE =
      Map.ofEntries(
          Map.entry("59776-5", "FINDINGS"),
          Map.entry("18782-3", "FINDINGS"),
          Map.entry("19005-8", "IMPRESSION"),
          Map.entry("55110-1", "CONCLUSION"),
          Map.entry("11329-0", "HISTORY"),
          Map.entry("18785-6", "INDICATION"),
          Map.entry("55111-5", "TECHNIQUE"),
          Map.entry("18834-2", "COMPARISON"),
          Map.entry("18783-1", "RECOMMENDATION"),
          Map.entry("55107-7", "ADDENDUM"),
          Map.entry("55752-0", "HISTORY"), // clinical information
          Map.entry("55108-5", "HISTORY"), // patient presentation
          Map.entry("10164-2", "HISTORY"), // history of present illness
          Map.entry("11348-0", "HISTORY"), // history of past illness
          Map.entry("29299-5", "INDICATION"), // reason for visit
          Map.entry("55115-0", "INDICATION"), // request
          Map.entry("59768-2", "INDICATION"), // procedure indications
          Map.entry("29554-3", "TECHNIQUE"), // procedure
          Map.entry("29549-3", "TECHNIQUE"), // medication administered
          Map.entry("73569-6", "TECHNIQUE"), // radiation exposure
          Map.entry("55114-3", "COMPARISON"), // prior procedure descriptions
          Map.entry("121060", "HISTORY"),
          Map.entry("121062", "INDICATION"), // request
          Map.entry("121064", "TECHNIQUE"), // current procedure descriptions
          Map.entry("121065", "TECHNIQUE"), // procedure description
          Map.entry("121066", "COMPARISON"), // prior procedure descriptions
          Map.entry("121068", "COMPARISON"), // previous findings
          Map.entry("121069", "COMPARISON"), // previous finding
          Map.entry("121070", "FINDINGS"),
          Map.entry("121071", "FINDINGS"),
          Map.entry("121072", "IMPRESSION"),
          Map.entry("121073", "IMPRESSION"),
          Map.entry("121074", "RECOMMENDATION"),
          Map.entry("121075", "RECOMMENDATION"),
          Map.entry("121076", "CONCLUSION"),
          Map.entry("121077", "CONCLUSION"),
          Map.entry("121078", "ADDENDUM"),
          Map.entry("121109", "INDICATION"),
          Map.entry("121110", "HISTORY"), // patient presentation
          Map.entry("121111", "CONCLUSION"), // summary
          Map.entry("GDT", "FINDINGS"),
          Map.entry("IMP", "IMPRESSION"),
          Map.entry("REC", "RECOMMENDATION"),
          Map.entry("ADT", "ADDENDUM"),
          Map.entry("MDT", "FINDINGS"),
          Map.entry("TCM", "TECHNICIAN COMMENT"),
          Map.entry("CNP", "RECOMMENDATION"),
          Map.entry("MED", "MEDICATION"),
          Map.entry("DEV", "TECHNIQUE"),
          Map.entry("SER", "TECHNIQUE"),
          Map.entry("ANT", "TECHNIQUE"),
          Map.entry("CNS", "TECHNIQUE"));

  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("findings", "FINDINGS"),
          Map.entry("finding", "FINDINGS"),
          Map.entry("impression", "IMPRESSION"),
          Map.entry("impressions", "IMPRESSION"),
          Map.entry("conclusion", "CONCLUSION"),
          Map.entry("conclusions", "CONCLUSION"),
          Map.entry("opinion", "CONCLUSION"),
          Map.entry("history", "HISTORY"),
          Map.entry("clinical history", "HISTORY"),
          Map.entry("clinical information", "HISTORY"),
          Map.entry("indication", "INDICATION"),
          Map.entry("indications", "INDICATION"),
          Map.entry("reason for exam", "INDICATION"),
          Map.entry("technique", "TECHNIQUE"),
          Map.entry("procedure", "TECHNIQUE"),
          Map.entry("comparison", "COMPARISON"),
          Map.entry("previous findings", "COMPARISON"),
          Map.entry("previous finding", "COMPARISON"),
          Map.entry("prior findings", "COMPARISON"),
          Map.entry("prior procedure descriptions", "COMPARISON"),
          Map.entry("recommendation", "RECOMMENDATION"),
          Map.entry("recommendations", "RECOMMENDATION"),
          Map.entry("addendum", "ADDENDUM"),
          Map.entry("addendum text", "ADDENDUM"),
          Map.entry("addendum note", "ADDENDUM"),
          Map.entry("addenda", "ADDENDUM"),
          Map.entry("impression text", "IMPRESSION"),
          Map.entry("findings text", "FINDINGS"),
          Map.entry("clinical details", "HISTORY"),
          Map.entry("clinical indication", "INDICATION"),
          Map.entry("reason for study", "INDICATION"),
          Map.entry("technician comment", "TECHNICIAN COMMENT"),
          Map.entry("technician's comment", "TECHNICIAN COMMENT"),
          Map.entry("technologist comment", "TECHNICIAN COMMENT"),
          Map.entry("technologist comments", "TECHNICIAN COMMENT"),
          Map.entry("tech comments", "TECHNICIAN COMMENT"));

  /** Heading of what follows a section but does not belong to it. */
  public static final String REST = "REPORT";

  private static final Set<String> BODY = Set.of("FINDINGS", "IMPRESSION", "CONCLUSION");

  private ReportSections() {}

  /**
   * Whether parts of a section may have headings of their own. Those of a history or a comparison
   * may not: the findings of a previous examination are none of this one.
   */
  public static boolean isBody(String heading) {
    return BODY.contains(heading);
  }

  /**
   * @param codes codes and names of a section; null ones are ignored
   * @return the heading in capitals, null if none is known
   */
  public static String heading(String... codes) {
    for (String code : codes) {
      if (code == null) {
        continue;
      }
      String name = code.strip().toLowerCase(Locale.ROOT).replaceFirst("\\s*:$", "");
      String heading = BY_CODE.getOrDefault(code.strip(), BY_NAME.get(name));
      if (heading != null) {
        return heading;
      }
    }
    return null;
  }

  /** Builds a report from its sections. */
  public static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private String current;

    /**
     * @param heading a heading from {@link #heading}; null continues the previous section
     * @param part lines of text
     */
    public Builder add(String heading, String part) {
      if (part.isBlank()) {
        return this;
      }
      if (!text.isEmpty()) {
        text.append('\n');
      }
      if (heading != null && !heading.equals(current)) {
        current = heading;
        if (!isHeadedBy(heading, part)) {
          text.append(heading).append(":\n");
        }
      }
      text.append(part);
      return this;
    }

    /**
     * Returns whether the text already has this heading. A sentence may begin with the same word:
     * "Findings are stable."
     */
    private static boolean isHeadedBy(String heading, String part) {
      return Pattern.compile(
              "\\s*" + Pattern.quote(heading) + "\\h*(:|[\r\n]|\\z)", Pattern.CASE_INSENSITIVE)
          .matcher(part)
          .lookingAt();
    }

    public String text() {
      return text.toString();
    }
  }
}
