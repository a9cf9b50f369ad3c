package org.m2ib.intake.file;

import java.util.List;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.ReportSections;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Extracts the text of a DICOM structured report (PS3.3 C.17.3): TEXT, CODE and NUM items in the
 * order of the content tree, with container names as headings. Observation context, acquisition
 * context and concept modifiers (HAS OBS CONTEXT, HAS ACQ CONTEXT, HAS CONCEPT MOD) are not report
 * text.
 */
final class StructuredReportText {
  private static final int DEEPEST = 50;

  private StructuredReportText() {}

  /**
   * @throws UnacceptableReportException if the object has no content tree
   */
  static String of(DicomObject object) {
    if (object.sequence(Tags.ContentSequence).isEmpty()) {
      throw new UnacceptableReportException(
          "ContentSequence (0040,A730)", "not a structured report: it has no content tree");
    }
    StringBuilder text = new StringBuilder();
    container(object, text, 0);
    return text.toString().strip();
  }

  private static void container(DicomObject container, StringBuilder text, int depth) {
    String name = name(container);
    boolean continuous = "CONTINUOUS".equals(container.string(Tags.ContinuityOfContent));
    String heading = heading(container);
    if (heading != null || !name.isEmpty() && depth > 0) {
      text.append(text.isEmpty() ? "" : "\n\n")
          .append(heading == null ? name : heading)
          .append(":\n");
    } else if (!text.isEmpty()) {
      text.append('\n');
    }
    items(container, text, depth + 1, continuous);
  }

  private static void items(DicomObject parent, StringBuilder text, int depth, boolean continuous) {
    if (depth > DEEPEST) {
      return;
    }
    for (DicomObject item : parent.sequence(Tags.ContentSequence)) {
      String relationship = item.string(Tags.RelationshipType, "");
      if (relationship.startsWith("HAS ") && !relationship.equals("HAS PROPERTIES")) {
        continue;
      }
      String type = item.string(Tags.ValueType, "");
      if (type.equals("CONTAINER")) {
        container(item, text, depth);
        continue;
      }
      String said = said(item, type, continuous);
      if (!said.isEmpty()) {
        String heading = continuous ? null : heading(item);
        text.append(text.isEmpty() || endsLine(text) ? "" : continuous ? " " : "\n")
            .append(heading == null ? "" : (text.isEmpty() ? "" : "\n") + heading + ":\n")
            .append(said);
      }
      items(item, text, depth + 1, false);
    }
    if (continuous) {
      text.append('\n');
    }
  }

  private static boolean endsLine(StringBuilder text) {
    return text.charAt(text.length() - 1) == '\n';
  }

  private static String said(DicomObject item, String type, boolean continuous) {
    String name = continuous || name(item).isEmpty() ? "" : name(item) + ": ";
    return switch (type) {
      case "TEXT" -> lines(item.string(Tags.TextValue, ""));
      case "CODE" -> {
        String meaning = meaning(item.sequence(Tags.ConceptCodeSequence));
        yield meaning.isEmpty() ? "" : name + meaning;
      }
      case "NUM" -> {
        List<DicomObject> measured = item.sequence(Tags.MeasuredValueSequence);
        String value = measured.isEmpty() ? "" : measured.get(0).string(Tags.NumericValue, "");
        String unit =
            measured.isEmpty()
                ? ""
                : code(measured.get(0).sequence(Tags.MeasurementUnitsCodeSequence));
        yield value.isEmpty() ? "" : (name + value + " " + unit).strip();
      }
      default -> "";
    };
  }

  private static String lines(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').strip();
  }

  private static String heading(DicomObject item) {
    List<DicomObject> name = item.sequence(Tags.ConceptNameCodeSequence);
    return name.isEmpty()
        ? null
        : ReportSections.heading(
            name.get(0).string(Tags.CodeValue), name.get(0).string(Tags.CodeMeaning));
  }

  private static String name(DicomObject item) {
    return meaning(item.sequence(Tags.ConceptNameCodeSequence));
  }

  private static String meaning(List<DicomObject> code) {
    return code.isEmpty() ? "" : code.get(0).string(Tags.CodeMeaning, "");
  }

  private static String code(List<DicomObject> unit) {
    return unit.isEmpty() ? "" : unit.get(0).string(Tags.CodeValue, meaning(unit));
  }
}
