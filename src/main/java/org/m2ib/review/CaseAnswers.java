package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseHistory;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseSummary;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.Prior;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.delivery.DeliveryReason;
import org.m2ib.review.ReasonAnswers.Reason;

/** Cases in {@code /api/cases}. Scripts read these names, so they do not change. */
final class CaseAnswers {
  private CaseAnswers() {}

  /**
   * @param next path of the next page; null on the last
   */
  record CaseList(List<CaseEntry> cases, String next) {}

  /**
   * @param lowestSimilarity of its sentences, [-1, 1]; null without any
   * @param alarms sentences with an alarm; 1 if only the case itself has one
   * @param judged sentences that a person has judged
   */
  record CaseEntry(
      @JsonUnwrapped CaseHead head,
      int sentences,
      Double lowestSimilarity,
      int alarms,
      int judged) {
    CaseEntry(CaseSummary summary) {
      this(
          new CaseHead(summary.theCase()),
          summary.sentences(),
          summary.lowestSimilarity(),
          summary.alarms(),
          summary.judged());
    }
  }

  /**
   * @param reason why it is in this state; empty if the state is sufficient
   * @param reasons its parts
   * @param model name of the model that attributes it; null before one is chosen
   * @param route the route that it takes; null before one is chosen, and without routes
   */
  record CaseHead(
      UUID id,
      CaseState state,
      String reason,
      List<Reason> reasons,
      String studyInstanceUid,
      String accessionNumber,
      String model,
      CaseRoute route,
      Instant createdAt,
      Instant updatedAt,
      CaseLinks links) {
    CaseHead(Case c) {
      this(
          c.id(),
          c.state(),
          c.reason(),
          ReasonAnswers.ofCase(c.reason()),
          c.study().studyInstanceUid(),
          c.study().accessionNumber(),
          c.model(),
          CaseRoute.of(c.route()),
          c.createdAt(),
          c.updatedAt(),
          new CaseLinks(path(c.id())));
    }
  }

  /**
   * @param hash SHA-256 of what the route said when it was chosen
   * @param matched the conditions that held, with the values that were found
   */
  record CaseRoute(String name, String hash, String matched) {
    static CaseRoute of(Case.ChosenRoute route) {
      return route == null ? null : new CaseRoute(route.name(), route.hash(), route.matched());
    }
  }

  record CaseLinks(String self, String redelivery, String redo, String judgements) {
    CaseLinks(String self) {
      this(self, self + "/redelivery", self + "/redo", self + "/judgements");
    }
  }

  /**
   * @param alarm whether the case or one of its sentences has an alarm
   * @param patient as its images name them; null if they name none, and without images
   * @param report null while the case waits for it
   * @param withdrawn number of results that are no longer valid
   * @param history what patient messages did to it, the oldest first
   * @param priors earlier studies of its patient that the rule chose, the most recent first
   * @param priorSearch what the archives answered; empty if none was asked
   */
  record CaseDetails(
      @JsonUnwrapped CaseHead head,
      boolean alarm,
      CasePatient patient,
      CaseReport report,
      List<CaseImage> images,
      List<SentenceAnswers.SentenceDetails> sentences,
      int withdrawn,
      List<CaseDelivery> deliveries,
      List<CaseChange> history,
      List<CasePrior> priors,
      String priorSearch) {}

  /**
   * @param archive where it was found, as {@code AET@host:port}
   * @param reason explains the state; empty if there is nothing to explain
   * @param links null unless its images are here
   */
  record CasePrior(
      String studyInstanceUid,
      LocalDate studyDate,
      String studyDescription,
      List<String> modalities,
      String archive,
      Prior.State state,
      String reason,
      PriorLinks links) {
    /**
     * @param of the case that it is an earlier study of
     * @param own the case of that study; null if there is none
     */
    static CasePrior of(UUID of, Prior prior, Case own) {
      return new CasePrior(
          prior.studyInstanceUid(),
          LocalDate.parse(prior.studyDate(), DateTimeFormatter.BASIC_ISO_DATE),
          prior.studyDescription(),
          prior.modalities() == null ? List.of() : List.of(prior.modalities().split("\\\\")),
          prior.archive(),
          prior.state(),
          prior.reason(),
          prior.state() == Prior.State.HELD
              ? new PriorLinks(
                  "/dicom-web/studies/" + prior.studyInstanceUid(),
                  own == null ? null : path(own.id()),
                  path(of) + "/priors/" + prior.studyInstanceUid() + "/images")
              : null);
    }
  }

  /**
   * @param study its images, by DICOMweb
   * @param caseOfStudy its own case, with its images; null if there is none
   * @param images its images, to be shown beside those of the case
   */
  record PriorLinks(String study, @JsonProperty("case") String caseOfStudy, String images) {}

  /**
   * @param event HL7 trigger event of the message: {@code A40}
   * @param sender its application and facility (MSH-3, MSH-4); null if not stated
   * @param operator who recorded it (EVN-5); null if not stated
   * @param prior identifier that is no longer used; null if none changed
   * @param patient identifier that is used now
   * @param effect what became of the case, and of results that were sent before
   */
  record CaseChange(
      Instant receivedAt,
      String event,
      String sender,
      String operator,
      CasePatient prior,
      CasePatient patient,
      String effect) {
    CaseChange(CaseHistory.Entry entry) {
      this(
          entry.arrival().receivedAt(),
          entry.arrival().patient().event(),
          entry.arrival().patient().sender(),
          entry.arrival().patient().operator(),
          CasePatient.of(entry.arrival().patient().prior()),
          CasePatient.of(entry.arrival().patient().patient()),
          entry.effect());
    }
  }

  /**
   * @param issuer null if not stated
   */
  record CasePatient(String id, String issuer) {
    static CasePatient of(StudyKey study) {
      return study.patientId() == null
          ? null
          : new CasePatient(study.patientId(), study.issuerOfPatientId());
    }

    static CasePatient of(PatientId patient) {
      return patient == null ? null : new CasePatient(patient.id(), patient.issuer());
    }
  }

  /**
   * @param notes what intake left out of the text; null for none
   * @param patient as it names them; null if it names none
   * @param accessionNumber as it names it; null if it names none
   * @param own whether the signed-in person wrote it; null if it is not known who did
   */
  record CaseReport(
      String id,
      ReportStatus status,
      String source,
      Instant receivedAt,
      String text,
      String notes,
      CasePatient patient,
      String accessionNumber,
      Boolean own) {
    CaseReport(Arrival arrival, Boolean own) {
      this(
          arrival.report().reportId(),
          arrival.report().status(),
          arrival.report().source(),
          arrival.receivedAt(),
          arrival.report().text(),
          arrival.report().notes(),
          CasePatient.of(arrival.report().study()),
          arrival.report().study().accessionNumber(),
          own);
    }
  }

  record CaseImage(
      String sopInstanceUid,
      String seriesInstanceUid,
      String sopClassUid,
      String modality,
      String viewPosition,
      Instant receivedAt,
      ImageLinks links) {
    static CaseImage of(Case c, Arrival arrival) {
      ReceivedInstance instance = arrival.instance();
      return new CaseImage(
          instance.sopInstanceUid(),
          instance.seriesInstanceUid(),
          instance.sopClassUid(),
          instance.modality(),
          instance.viewPosition(),
          arrival.receivedAt(),
          new ImageLinks(framePath(c.id(), instance.sopInstanceUid(), 1)));
    }
  }

  record ImageLinks(String frame) {}

  /**
   * @param problem why the last attempt failed; empty if none did
   * @param reason the same in parts
   */
  record CaseDelivery(
      Delivery.Kind kind,
      String destination,
      Delivery.Status status,
      int attempts,
      String problem,
      DeliveryReason reason,
      Instant updatedAt) {
    CaseDelivery(Delivery row) {
      this(
          row.kind(),
          row.destination(),
          row.status(),
          row.attempts(),
          row.problem(),
          DeliveryReason.of(row.problem()),
          row.updatedAt());
    }
  }

  static String path(UUID caseId) {
    return "/api/cases/" + caseId;
  }

  static String framePath(UUID caseId, String sopInstanceUid, int number) {
    return path(caseId) + "/images/" + sopInstanceUid + "/frames/" + number;
  }
}
