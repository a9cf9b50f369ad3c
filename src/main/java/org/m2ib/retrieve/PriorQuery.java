package org.m2ib.retrieve;

import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** The queries for earlier studies of a patient (PS3.4 C.6.2.1), and what their answers say. */
final class PriorQuery {
  private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;

  private PriorQuery() {}

  /**
   * Asks by patient identifier and date; what else tells patients apart is asked for and compared
   * here, because archives ignore such keys, or leave out studies that lack them.
   */
  static DicomObject studies(DicomObject own, LocalDate date, Duration oldest) {
    DicomObject query =
        DicomObject.create()
            .set(Tags.QueryRetrieveLevel, "STUDY")
            .set(Tags.PatientID, own.string(Tags.PatientID))
            .set(
                Tags.StudyDate,
                DATE.format(date.minusDays(oldest.toDays())) + "-" + DATE.format(date));
    for (int tag :
        new int[] {
          Tags.StudyInstanceUID,
          Tags.StudyTime,
          Tags.StudyDescription,
          Tags.ModalitiesInStudy,
          Tags.AccessionNumber,
          Tags.IssuerOfPatientID,
          Tags.PatientName,
          Tags.PatientBirthDate,
          Tags.PatientSex,
          Tags.NumberOfStudyRelatedInstances
        }) {
      query.set(tag, "");
    }
    query.addItem(Tags.IssuerOfAccessionNumberSequence).set(Tags.LocalNamespaceEntityID, "");
    return query;
  }

  static DicomObject series(String studyInstanceUid) {
    return DicomObject.create()
        .set(Tags.QueryRetrieveLevel, "SERIES")
        .set(Tags.StudyInstanceUID, studyInstanceUid)
        .set(Tags.SeriesInstanceUID, "")
        .set(Tags.Modality, "")
        .set(Tags.BodyPartExamined, "");
  }

  /** StudyDate; empty if it is absent or no date. */
  static Optional<LocalDate> date(DicomObject study) {
    try {
      String text = study.string(Tags.StudyDate, "").strip().replace(".", "");
      return Optional.of(LocalDate.parse(text, DATE));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whether a study is before another: by date, on one day by time. */
  static boolean isEarlier(DicomObject study, DicomObject than) {
    LocalDate its = date(study).orElse(LocalDate.MAX);
    LocalDate other = date(than).orElse(LocalDate.MIN);
    String time = time(study);
    return its.isBefore(other)
        || its.isEqual(other) && !time.isEmpty() && time.compareTo(time(than)) < 0;
  }

  private static String time(DicomObject study) {
    return study.string(Tags.StudyTime, "").strip().replace(":", "");
  }

  static Set<String> values(List<DicomObject> series, int tag) {
    Set<String> all = new TreeSet<>();
    series.forEach(one -> all.addAll(PriorRule.upperCase(one.strings(tag))));
    return all;
  }
}
