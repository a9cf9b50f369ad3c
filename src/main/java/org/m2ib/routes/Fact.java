package org.m2ib.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** What a route may ask in words of an image or of the report; each is a key of {@code when}. */
public enum Fact {
  CALLING_AE_TITLE("calling-ae-title", 16, "AE title that sent the image."),
  CALLED_AE_TITLE("called-ae-title", 16, "AE title of this service that the image was sent to."),
  MODALITY("modality", 16, "Modality (0008,0060)."),
  BODY_PART_EXAMINED("body-part-examined", 16, "Body Part Examined (0018,0015)."),
  STUDY_DESCRIPTION("study-description", 64, "Study Description (0008,1030)."),
  SERIES_DESCRIPTION("series-description", 64, "Series Description (0008,103E)."),
  PROCEDURE_CODE(
      "procedure-code",
      128,
      "Codes of (0008,1032) ProcedureCodeSequence and (0032,1064) RequestedProcedureCodeSequence, also in (0040,0275)"
          + " RequestAttributesSequence: `71046`, or with the scheme `71046^C4`."),
  PATIENT_SEX("patient-sex", 16, "Patient's Sex (0010,0040)."),
  REPORT_LANGUAGE(
      "report-language",
      64,
      "Language of the report as its sender states it; `de` matches `de-CH` too.");

  private final String key;
  private final int longest;
  private final String meaning;

  Fact(String key, int longest, String meaning) {
    this.key = key;
    this.longest = longest;
    this.meaning = meaning;
  }

  public String key() {
    return key;
  }

  /** Most characters that a value has; a longer pattern without {@code *} matches nothing. */
  int longest() {
    return longest;
  }

  public String meaning() {
    return meaning;
  }

  boolean isOfReport() {
    return this == REPORT_LANGUAGE;
  }

  /** The values in an image; none for those that are not in its header. */
  List<String> in(DicomObject header) {
    return switch (this) {
      case MODALITY -> present(header.string(Tags.Modality));
      case BODY_PART_EXAMINED -> present(header.string(Tags.BodyPartExamined));
      case STUDY_DESCRIPTION -> present(header.string(Tags.StudyDescription));
      case SERIES_DESCRIPTION -> present(header.string(Tags.SeriesDescription));
      case PATIENT_SEX -> present(header.string(Tags.PatientSex));
      case PROCEDURE_CODE -> procedures(header);
      case CALLING_AE_TITLE, CALLED_AE_TITLE, REPORT_LANGUAGE -> List.of();
    };
  }

  static List<String> present(String value) {
    return value == null || value.isBlank() ? List.of() : List.of(value.strip());
  }

  /** A language and its primary subtag (BCP 47). */
  static List<String> languages(String language) {
    if (language == null || language.isBlank()) {
      return List.of();
    }
    String whole = language.strip();
    String primary = Locale.forLanguageTag(whole.replace('_', '-')).getLanguage();
    return primary.isEmpty() || primary.equalsIgnoreCase(whole)
        ? List.of(whole)
        : List.of(whole, primary);
  }

  private static List<String> procedures(DicomObject header) {
    List<DicomObject> codes = new ArrayList<>(header.sequence(Tags.ProcedureCodeSequence));
    codes.addAll(header.sequence(Tags.RequestedProcedureCodeSequence));
    for (DicomObject request : header.sequence(Tags.RequestAttributesSequence)) {
      codes.addAll(request.sequence(Tags.RequestedProcedureCodeSequence));
    }
    List<String> values = new ArrayList<>();
    for (DicomObject item : codes) {
      String code = item.string(Tags.CodeValue, item.string(Tags.LongCodeValue));
      if (code != null) {
        values.add(code);
        present(item.string(Tags.CodingSchemeDesignator))
            .forEach(scheme -> values.add(code + "^" + scheme));
      }
    }
    return values.stream().distinct().toList();
  }
}
