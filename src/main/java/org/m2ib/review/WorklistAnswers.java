package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.m2ib.base.Spreadsheet;
import org.m2ib.cases.CaseState;
import org.m2ib.review.ReasonAnswers.Reason;
import org.m2ib.worklist.SavedViews;
import org.m2ib.worklist.Worklist;
import org.m2ib.worklist.WorklistRow;

/** The worklist in {@code /api/worklist}. Scripts read these names, so they do not change. */
final class WorklistAnswers {
  private WorklistAnswers() {}

  /**
   * @param total number of matches; null if there are more than are counted
   * @param next cursor of the page behind this one; null if it is the last
   * @param version what {@code since} is to be for the events behind this page
   */
  record WorklistPage(List<WorklistCase> cases, Integer total, String next, long version) {
    WorklistPage(Worklist.Page page) {
      this(
          page.rows().stream().map(WorklistCase::new).toList(),
          page.total() > Worklist.COUNTED ? null : Integer.valueOf(page.total()),
          page.next(),
          page.version());
    }
  }

  /** See {@link WorklistRow}. */
  record WorklistCase(
      UUID id,
      long version,
      String patientName,
      String patientId,
      String accessionNumber,
      String studyInstanceUid,
      String studyDate,
      String modality,
      String viewPosition,
      String bodyPart,
      String model,
      int sentences,
      int alarms,
      List<String> alarmKinds,
      Double lowestSimilarity,
      Double discordance,
      int judged,
      String assignedTo,
      CaseState state,
      String reason,
      List<Reason> reasons,
      Instant updatedAt,
      WorklistLinks links) {
    WorklistCase(WorklistRow row) {
      this(
          row.id(),
          row.version(),
          row.patientName(),
          row.patientId(),
          row.accessionNumber(),
          row.studyInstanceUid(),
          row.studyDate(),
          row.modality(),
          row.viewPosition(),
          row.bodyPart(),
          row.model(),
          row.sentences(),
          row.alarms(),
          row.alarmKinds(),
          row.lowestSimilarity(),
          row.discordance(),
          row.judged(),
          row.assignedTo(),
          row.state(),
          row.reason(),
          ReasonAnswers.ofCase(row.reason()),
          row.updatedAt(),
          new WorklistLinks(
              CaseAnswers.path(row.id()),
              row.picture().isEmpty()
                  ? null
                  : CaseAnswers.path(row.id())
                      + "/thumbnail?of="
                      + row.picture().substring(0, 12)));
    }
  }

  /**
   * @param thumbnail null if it has no map
   */
  record WorklistLinks(String self, String thumbnail) {}

  /**
   * @param next the one behind it; null if it is the last
   * @param nextUnjudged the next with a sentence that nobody has judged; null if there is none
   */
  record CasePlace(
      @JsonProperty("case") WorklistCase theCase, WorklistCase next, WorklistCase nextUnjudged) {}

  record WorklistValues(
      List<String> modalities,
      List<String> bodyParts,
      List<String> models,
      List<String> assigned,
      List<String> devices) {}

  record WorklistViews(List<SavedViews.View> views) {}

  /**
   * @param person sign-in name; null: nobody
   */
  record Assignment(String person) {}

  /**
   * RFC 4180 with a heading; a value that a spreadsheet would compute begins with an apostrophe.
   */
  static String csv(List<WorklistRow> rows) {
    StringBuilder text = new StringBuilder();
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader(
                "PatientName",
                "PatientID",
                "AccessionNumber",
                "StudyDate",
                "Modality",
                "ViewPosition",
                "BodyPartExamined",
                "Model",
                "Sentences",
                "Alarms",
                "AlarmKinds",
                "LowestSimilarity",
                "Discordance",
                "Judged",
                "AssignedTo",
                "State",
                "Updated",
                "StudyInstanceUID",
                "Case")
            .get();
    try (CSVPrinter csv = new CSVPrinter(text, format)) {
      for (WorklistRow row : rows) {
        csv.printRecord(
            Spreadsheet.safe(row.patientName()),
            Spreadsheet.safe(row.patientId()),
            Spreadsheet.safe(row.accessionNumber()),
            row.studyDate(),
            Spreadsheet.safe(row.modality()),
            Spreadsheet.safe(row.viewPosition()),
            Spreadsheet.safe(row.bodyPart()),
            Spreadsheet.safe(row.model()),
            row.sentences(),
            row.alarms(),
            String.join(" ", row.alarmKinds()),
            row.lowestSimilarity(),
            row.discordance(),
            row.judged(),
            Spreadsheet.safe(row.assignedTo()),
            row.state(),
            row.updatedAt(),
            row.studyInstanceUid(),
            row.id());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
