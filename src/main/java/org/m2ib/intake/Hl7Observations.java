package org.m2ib.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.m2ib.intake.Hl7Message.Line;

/** What OBX segments say: the report's text and, among them, the study instance UID. */
final class Hl7Observations {
  private static final Set<String> TEXT = Set.of("TX", "FT", "ST");

  /** DCM 113014 DICOM Study (IHE), 110180 Study Instance UID (PS3.16 CID 7203 and Annex D). */
  private static final Set<String> STUDY_UID = Set.of("113014", "110180");

  private Hl7Observations() {}

  static boolean isStudyUid(Line observation) {
    return STUDY_UID.contains(Objects.requireNonNullElse(observation.at(3, 1), ""))
        && "DCM".equals(observation.at(3, 3));
  }

  static boolean isText(Line observation) {
    String type = observation.at(2, 1);
    return type != null
        && !isStudyUid(observation)
        && (TEXT.contains(type) || (type.equals("ED") && isPlain(observation)));
  }

  /**
   * The text parts in their order, with the headings that OBX-3 names; withdrawn ones are left out.
   */
  static String text(Stream<Line> observations) {
    ReportSections.Builder report = new ReportSections.Builder();
    observations
        .filter(Hl7Observations::isText)
        .filter(line -> !Hl7Status.isWithdrawn(line))
        .forEach(line -> report.add(heading(line), content(line)));
    return report.text();
  }

  private static String heading(Line line) {
    return ReportSections.heading(
        line.at(3, 2), line.at(3, 0, 1, 2), line.at(3, 1), line.at(3, 5), line.at(3, 4));
  }

  private static String content(Line line) {
    if (!"ED".equals(line.at(2, 1))) {
      return line.text(5);
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(line.at(5, 5));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.replace("\r\n", "\n").replace('\r', '\n');
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new UnacceptableReportException(
          line.place(5), "the encapsulated text is not Base64 of UTF-8 text");
    }
  }

  /** ED: source ^ type ^ subtype ^ encoding ^ data; a PDF is no text. */
  private static boolean isPlain(Line line) {
    String type = line.at(5, 2);
    String subtype = line.at(5, 3);
    return "BASE64".equalsIgnoreCase(line.at(5, 4))
        && line.at(5, 5) != null
        && (subtype == null
            || subtype.equalsIgnoreCase("plain")
            || subtype.equalsIgnoreCase("TEXT"))
        && (type == null || type.equalsIgnoreCase("text") || type.equalsIgnoreCase("TX"));
  }
}
