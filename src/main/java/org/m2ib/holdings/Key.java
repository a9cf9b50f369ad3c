package org.m2ib.holdings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** The attributes that are matched (PS3.4 C.6.2.1, PS3.18 Table 10.6.1-5), each with its column. */
enum Key {
  STUDY_INSTANCE_UID(Level.STUDY, Tags.StudyInstanceUID, Form.UID),
  STUDY_DATE(Level.STUDY, Tags.StudyDate, Form.DATE),
  STUDY_TIME(Level.STUDY, Tags.StudyTime, Form.TIME),
  ACCESSION_NUMBER(Level.STUDY, Tags.AccessionNumber, Form.TEXT),
  PATIENT_NAME(Level.STUDY, Tags.PatientName, Form.NAME),
  PATIENT_ID(Level.STUDY, Tags.PatientID, Form.TEXT),
  ISSUER_OF_PATIENT_ID(Level.STUDY, Tags.IssuerOfPatientID, Form.TEXT),
  PATIENT_BIRTH_DATE(Level.STUDY, Tags.PatientBirthDate, Form.DATE),
  PATIENT_SEX(Level.STUDY, Tags.PatientSex, Form.CODE),
  REFERRING_PHYSICIAN_NAME(Level.STUDY, Tags.ReferringPhysicianName, Form.NAME),
  STUDY_ID(Level.STUDY, Tags.StudyID, Form.TEXT),
  STUDY_DESCRIPTION(Level.STUDY, Tags.StudyDescription, Form.TEXT),
  /** Of any of its series; no column of the study's. */
  MODALITIES(Level.STUDY, Tags.ModalitiesInStudy, Form.CODE),

  SERIES_INSTANCE_UID(Level.SERIES, Tags.SeriesInstanceUID, Form.UID),
  MODALITY(Level.SERIES, Tags.Modality, Form.CODE),
  SERIES_NUMBER(Level.SERIES, Tags.SeriesNumber, Form.NUMBER),
  SERIES_DESCRIPTION(Level.SERIES, Tags.SeriesDescription, Form.TEXT),
  BODY_PART_EXAMINED(Level.SERIES, Tags.BodyPartExamined, Form.CODE),
  PERFORMED_PROCEDURE_STEP_START_DATE(
      Level.SERIES, Tags.PerformedProcedureStepStartDate, Form.DATE),
  PERFORMED_PROCEDURE_STEP_START_TIME(
      Level.SERIES, Tags.PerformedProcedureStepStartTime, Form.TIME),
  /** Within RequestAttributesSequence (0040,0275), as the next. */
  REQUESTED_PROCEDURE_IDS(Level.SERIES, Tags.RequestedProcedureID, Form.LIST),
  SCHEDULED_PROCEDURE_STEP_IDS(Level.SERIES, Tags.ScheduledProcedureStepID, Form.LIST),

  SOP_INSTANCE_UID(Level.INSTANCE, Tags.SOPInstanceUID, Form.UID),
  SOP_CLASS_UID(Level.INSTANCE, Tags.SOPClassUID, Form.UID),
  INSTANCE_NUMBER(Level.INSTANCE, Tags.InstanceNumber, Form.NUMBER);

  /** How values are stored and matched. */
  enum Form {
    UID,
    CODE,
    TEXT,
    NAME,
    DATE,
    TIME,
    NUMBER,
    /** Of the items of RequestAttributesSequence: {@code \1\2\}. */
    LIST
  }

  final Level level;
  final int tag;
  final Form form;

  Key(Level level, int tag, Form form) {
    this.level = level;
    this.tag = tag;
    this.form = form;
  }

  static Optional<Key> of(int tag) {
    return Arrays.stream(values()).filter(key -> key.tag == tag).findFirst();
  }

  /** The keys that are columns of a level. */
  static List<Key> columns(Level level) {
    return Arrays.stream(values()).filter(key -> key.level == level && key != MODALITIES).toList();
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The value of its column for an object; null if it has none that can be matched. */
  String read(DicomObject header) {
    if (form == Form.LIST) {
      String all =
          header.sequence(Tags.RequestAttributesSequence).stream()
              .map(item -> item.string(tag, ""))
              .filter(id -> !id.isEmpty())
              .reduce("", (list, id) -> list + id + "\\");
      return all.isEmpty() ? null : "\\" + all;
    }
    String value = header.string(tag);
    if (value == null) {
      return null;
    }
    return switch (form) {
      case NAME -> Values.name(String.join("\\", header.strings(tag)));
      case DATE -> Values.date(value);
      case TIME -> Values.time(value, '0');
      case NUMBER -> Values.number(value);
      default -> value.replace("\0", "");
    };
  }
}
