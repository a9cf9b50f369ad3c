package org.m2ib.intake.hl7;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.m2ib.intake.Markup;
import org.m2ib.intake.ReportSections;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.hl7.Hl7Message.Line;

/** Reads OBX segments: the report's text and the Study Instance UID among them. */
final class Hl7Observations {
  private static final Set<String> TEXT = Set.of("TX", "FT", "ST");
  private static final Set<String> CODED = Set.of("CE", "CWE", "CNE");

  /** Types of table 0125 that are never report text: numbers, times, identifiers, names. */
  private static final Set<String> MEASURED =
      Set.of(
          ("NM SN DT TM TS DTM DR NR NA MA ID IS SI CP MO TN AD CX EI HD CK CN PN XAD XCN XON XPN"
                  + " XTN PL RI")
              .split(" "));

  /** DCM 113014 DICOM Study (IHE), 110180 Study Instance UID (PS3.16 CID 7203 and Annex D). */
  private static final Set<String> STUDY_UID = Set.of("113014", "110180");

  /** Values of tables 0299, 0291 and 0191 that occur in OBX-5.4, 5.3 and 5.2 of text. */
  private static final Set<String> ENCODINGS = Set.of("BASE64", "A", "HEX");

  private static final Set<String> PLAIN = Set.of("", "PLAIN", "TEXT", "TXT", "TEXT/PLAIN");
  private static final Set<String> TEXTS = Set.of("", "TEXT", "TX", "FT", "TEXT/PLAIN");

  /**
   * @param text parts in order, with the headings that OBX-3 names
   * @param notes what was left out
   */
  record Read(String text, List<String> notes) {}

  private final ReportSections.Builder report = new ReportSections.Builder();
  private final List<String> notes = new ArrayList<>();
  private final StringBuilder part = new StringBuilder();
  private String place = "OBX^1^5";
  private String section;
  private String name = "";
  private final Hl7Documents documents = new Hl7Documents();
  private boolean inDocument;

  private Hl7Observations() {}

  static boolean isStudyUid(Line observation) {
    return STUDY_UID.contains(Objects.requireNonNullElse(observation.at(3, 1), ""))
        && "DCM".equals(observation.at(3, 3));
  }

  /** Returns OBX-2 in capitals; a value without a type is text. */
  private static String type(Line observation) {
    String type = observation.at(2, 1);
    return type == null ? "TX" : type.toUpperCase(Locale.ROOT);
  }

  /**
   * Returns whether the observation contains report text. A coded one does if OBX-3 names a
   * section.
   */
  static boolean isText(Line observation) {
    String type = type(observation);
    return !isStudyUid(observation)
        && (TEXT.contains(type)
            || (CODED.contains(type) && heading(observation) != null)
            || (type.equals("ED") && isPlain(observation)));
  }

  static boolean isDocument(Line observation) {
    return type(observation).equals("ED");
  }

  /** Reads the observations. Withdrawn ones are left out without a note. */
  static Read read(List<Line> observations) {
    Hl7Observations all = new Hl7Observations();
    for (Line line : observations) {
      if (isText(line)) {
        if (!Hl7Status.isWithdrawn(line)) {
          all.add(line);
        }
      } else if (!isStudyUid(line) && !line.text(5).isBlank()) {
        String type = type(line);
        if (isDocument(line)) {
          if (!Hl7Status.isWithdrawn(line)) {
            all.documents.add(line);
          }
        } else if (type.equals("RP")) {
          all.note(line, "refers to a document, which is not fetched,");
        } else if (CODED.contains(type)) {
          all.note(line, "is coded and does not belong to a known section");
        } else if (!MEASURED.contains(type)) {
          all.note(line, "has an unknown type");
        }
      }
    }
    all.endPart();
    String text = all.documents.read(all.report.text(), all.notes);
    return new Read(text, List.copyOf(all.notes));
  }

  private void add(Line line) {
    String content = content(line);
    if (content.isBlank()) {
      return;
    }
    inDocument = Markup.isDocument(content) || (inDocument && Markup.isBase64(content));
    if (inDocument) {
      documents.addEncoded(line, content);
      return;
    }
    documents.endEncoded();
    String heading = heading(line);
    String own = line.observationName();
    if (heading == null && section != null && !own.isEmpty() && !own.equals(name)) {
      heading = ReportSections.REST; // a section ends where another name begins
    }
    if (heading != null && !heading.equals(section)) {
      endPart();
      section = heading;
    }
    if (part.isEmpty()) {
      place = line.place(5);
    } else {
      part.append('\n');
    }
    part.append(content);
    name = own.isEmpty() ? name : own;
  }

  /** Converts the markup of a whole part, because it may begin in one OBX and end in another. */
  private void endPart() {
    report.add(section, Markup.plain(part.toString(), place));
    part.setLength(0);
  }

  private void note(Line line, String what) {
    notes.add("OBX " + line.sequence() + " " + what + " and was left out");
  }

  private static String heading(Line line) {
    return ReportSections.heading(
        line.at(3, 2),
        line.at(3, 0, 1, 2),
        line.at(3, 0, 2, 2),
        line.at(3, 1),
        line.at(3, 5),
        line.at(3, 4));
  }

  private String content(Line line) {
    String type = type(line);
    if (CODED.contains(type)) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < line.repetitions(5); i++) {
        // the text, otherwise the original text, otherwise that of the alternate coding system
        for (int component : new int[] {2, 9, 5}) {
          String text = line.at(5, i, component, 1);
          if (text != null) {
            texts.add(text);
            break;
          }
        }
      }
      return String.join("\n", texts);
    } else if (!type.equals("ED")) {
      return line.text(5);
    }
    String data = line.at(5, 5);
    if ("A".equalsIgnoreCase(line.at(5, 4))) {
      return data;
    }
    byte[] bytes = Hl7Documents.data(line);
    if (Markup.isDocument(bytes)) {
      documents.add(line, bytes);
      return "";
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.replace("\r\n", "\n").replace('\r', '\n');
    } catch (CharacterCodingException e) {
      throw UnacceptableReportException.invalid(
          line.place(5), "the encapsulated text is not UTF-8");
    }
  }

  private static String capitals(String code) {
    return code == null ? "" : code.toUpperCase(Locale.ROOT);
  }

  /** ED: source ^ type ^ subtype ^ encoding ^ data. PDF is not text. */
  private static boolean isPlain(Line line) {
    String type = line.at(5, 2);
    String subtype = line.at(5, 3);
    return ENCODINGS.contains(capitals(line.at(5, 4)))
        && line.at(5, 5) != null
        && PLAIN.contains(capitals(subtype))
        && TEXTS.contains(capitals(type));
  }
}
