package org.m2ib.intake.hl7;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReceivedReport.Document;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.hl7.Hl7Message.Line;

/**
 * Medical documents (HL7 v2.8 chapter 9, MDM^T01 to T11). A document is a version of a report: an
 * edit under its own number, a replacement and an addendum under that of their parent.
 */
final class Hl7MedicalDocuments {
  private static final String ADDENDUM = "ADDENDUM:\n";

  /** Of these, the numbers of the document and of its parent differ. */
  private static final List<String> OF_PARENT = List.of("T05", "T06", "T09", "T10");

  /** Of these without a text, only a status is said. */
  private static final List<String> STATUS = List.of("T03", "T04", "T11");

  private final ReportIntake intake;

  Hl7MedicalDocuments(ReportIntake intake) {
    this.intake = intake;
  }

  /**
   * @param reports to be kept; empty if the message has none
   * @param document their numbers
   * @param notes what was left out
   */
  record Read(List<ReportDraft> reports, Document document, List<String> notes) {}

  /**
   * @throws UnacceptableReportException if the event is not one of a document, or the document has
   *     no number
   */
  static void check(Hl7Message message) {
    if (!message.event().matches("T0[1-9]|T1[01]")) {
      throw new UnacceptableReportException("MSH^1^9^1^2", "of MDM, only T01 to T11 are accepted");
    }
    Line document = message.first("TXA");
    if (document == null) {
      throw new UnacceptableReportException("TXA^1", "the message has no TXA segment");
    } else if (document.at(12, 1) == null) {
      throw new UnacceptableReportException(
          document.place(12), "the document has no unique number (TXA-12)");
    }
  }

  /**
   * By event, availability (TXA-19, table 0273) and completion (TXA-17, table 0271).
   *
   * @throws UnacceptableReportException if a code is not in its table
   */
  static ReportStatus status(String event, Line document, List<Line> observations) {
    boolean withdrawn =
        !observations.isEmpty() && observations.stream().allMatch(Hl7Status::isWithdrawn);
    String availability = code(document, 19);
    switch (availability) {
      case "CA", "OB" -> withdrawn = true;
      case "", "AV", "UN" -> {}
      default ->
          throw new UnacceptableReportException(
              document.place(19), "unknown availability: must be one of AV, CA, OB, UN");
    }
    if (withdrawn || "T11".equals(event)) {
      return ReportStatus.CANCELLED;
    }
    boolean changed = List.of("T06", "T08", "T10").contains(event);
    return switch (code(document, 17)) {
      case "DI", "DO", "IP", "IN", "PA" -> ReportStatus.PRELIMINARY;
      case "", "AU", "LA" ->
          availability.equals("UN")
              ? ReportStatus.PRELIMINARY
              : changed ? ReportStatus.AMENDED : ReportStatus.FINAL;
      default ->
          throw new UnacceptableReportException(
              document.place(17),
              "unknown completion status: must be one of DI, DO, IP, IN, PA, AU, LA");
    };
  }

  /** The last of origination, transcription and edits (TXA-6, TXA-7, TXA-8). */
  static ReportTimes times(Line document, Line header) {
    String issued =
        Stream.concat(
                Stream.of(6, 7).map(field -> document.at(field, 1)),
                IntStream.range(0, document.repetitions(8)).mapToObj(i -> document.at(8, i, 1, 1)))
            .map(Hl7Time::digits)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
    return new ReportTimes(issued, Hl7Time.digits(header.at(7, 1)));
  }

  /**
   * Completes what the message itself does not say: the report that a document is a version of, its
   * study, and its text where only a status changed.
   *
   * @param drafts as read from the message
   */
  Read complete(Hl7Message message, List<ReportDraft> drafts) {
    Line line = message.first("TXA");
    String number = Identifiers.check(line.place(12), line.at(12, 1), Identifiers.NAME);
    String parent = Identifiers.check(line.place(13), line.at(13, 1), Identifiers.NAME);
    boolean ofParent = OF_PARENT.contains(message.event()) && parent != null;
    Optional<ReceivedReport> known = intake.document(number);
    if (known.isEmpty() && ofParent) {
      known = intake.document(parent);
    }
    String id = known.map(ReceivedReport::reportId).orElse(ofParent ? parent : number);
    List<ReportDraft> reports = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (ReportDraft draft : drafts) {
      StudyKey study =
          draft.study().identifiesStudy()
              ? draft.study()
              : known
                  .map(ReceivedReport::study)
                  .orElseThrow(
                      () ->
                          new UnacceptableReportException(
                              line.place(15),
                              "the document names no study: add an order number (TXA-14, OBR-2), an"
                                  + " accession number (OBR-18, OBR-3, TXA-15) or a Study Instance"
                                  + " UID (ZDS-1)"));
      Optional<String> before = intake.textBefore(id, study);
      String text = draft.text();
      boolean cancelled = draft.status() == ReportStatus.CANCELLED;
      if (text.isBlank() && !cancelled && (before.isEmpty() || !STATUS.contains(message.event()))) {
        notes.add(
            "MDM^"
                + message.event()
                + " has no text: nothing was kept"
                + (before.isPresent() ? ", and the text received before is now out of date" : ""));
        continue;
      }
      if (message.event().equals("T06") && !cancelled) {
        text = withAddendum(before.orElse(""), text);
      }
      reports.add(
          new ReportDraft(
              study,
              id,
              draft.status(),
              text,
              draft.language(),
              draft.times(),
              draft.authors(),
              draft.notes()));
    }
    return new Read(
        reports,
        new Document(number, parent == null ? List.of() : List.of(parent)),
        notes.stream().distinct().toList());
  }

  /** An addendum is read together with its report; repeated, it is there already. */
  private static String withAddendum(String before, String addendum) {
    String part = ADDENDUM + addendum;
    if (before.isEmpty()) {
      return part;
    }
    return before.contains(part) ? before : before + "\n\n" + part;
  }

  private static String code(Line line, int field) {
    String code = line.at(field, 1);
    return code == null ? "" : code.toUpperCase(Locale.ROOT);
  }
}
