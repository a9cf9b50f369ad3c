package org.m2ib.fhir.store;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What resources of a type are found by: the one table behind what is indexed, what a search takes
 * and what the capability statement says.
 *
 * @param name as in the URL
 * @param kind how it is matched
 * @param elements of the resource's JSON that are indexed for it, the first that is there
 * @param definition canonical URL of its definition where it is this service's own, else null
 * @param documentation for the capability statement
 */
public record SearchParameter(
    String name, Kind kind, List<String> elements, String definition, String documentation) {

  /** How a parameter is matched. */
  public enum Kind {
    /** The resource's logical id. */
    ID,
    /** When it was written here. */
    LAST_UPDATED,
    /** Study instance UID of the study it speaks of; this service's own. */
    STUDY,
    /** Coding, CodeableConcept or Identifier. */
    TOKEN,
    /** Reference, by {@code Type/id} or, with {@code :identifier}, by what it names. */
    REFERENCE,
    /** As REFERENCE, of the Observations that a Provenance is about; this service's own. */
    TARGETS_PATIENT,
    /** dateTime, instant or Period. */
    DATE
  }

  /** Suffix of a reference's name where its identifier is meant (FHIR R4 search.html#reference). */
  public static final String IDENTIFIER = ":identifier";

  private static final SearchParameter ID =
      new SearchParameter("_id", Kind.ID, List.of(), null, "Logical id");
  private static final SearchParameter LAST_UPDATED =
      new SearchParameter(
          "_lastUpdated", Kind.LAST_UPDATED, List.of(), null, "When it was written here");
  private static final SearchParameter STUDY =
      new SearchParameter(
          "study",
          Kind.STUDY,
          List.of(),
          "urn:m2ib:fhir:SearchParameter:study",
          "Study Instance UID (0020,000D) of the study that the resource speaks of, with or without"
              + " urn:dicom:uid| and urn:oid:");
  private static final SearchParameter BY_IDENTIFIER =
      token("identifier", "identifier", "Business identifier");
  private static final SearchParameter SUBJECT = reference("subject", "subject");
  private static final SearchParameter PATIENT = reference("patient", "subject");

  /** The types given out, each with its parameters. */
  private static final Map<String, List<SearchParameter>> BY_TYPE =
      Map.of(
          "Observation",
          all(
              STUDY,
              BY_IDENTIFIER,
              PATIENT,
              SUBJECT,
              token("code", "code", "What was observed"),
              token("value-concept", "valueCodeableConcept", "The verdict of a judgement"),
              date("date", "effectiveDateTime", "effectivePeriod", "effectiveInstant"),
              reference("derived-from", "derivedFrom")),
          "DiagnosticReport",
          all(
              STUDY,
              BY_IDENTIFIER,
              PATIENT,
              SUBJECT,
              token("code", "code", "Kind of report"),
              date("date", "effectiveDateTime", "effectivePeriod")),
          "ImagingStudy",
          all(STUDY, BY_IDENTIFIER, PATIENT, SUBJECT, date("started", "started")),
          "Device",
          all(BY_IDENTIFIER, token("type", "type", "Kind of device")),
          "Provenance",
          all(
              STUDY,
              token("_tag", "meta.tag", "Its identifier: R4's Provenance has no element for one"),
              reference("target", "target"),
              new SearchParameter(
                  "patient",
                  Kind.TARGETS_PATIENT,
                  List.of(),
                  "urn:m2ib:fhir:SearchParameter:provenance-patient",
                  "Patient of the Observations it is about, by patient:identifier only"),
              date("recorded", "recorded")));

  /** None for a type that is not given out. */
  public static List<SearchParameter> of(String type) {
    return BY_TYPE.getOrDefault(type, List.of());
  }

  private static List<SearchParameter> all(SearchParameter... own) {
    return Stream.concat(Stream.of(ID, LAST_UPDATED), Stream.of(own)).toList();
  }

  private static SearchParameter token(String name, String element, String documentation) {
    return new SearchParameter(name, Kind.TOKEN, List.of(element), null, documentation);
  }

  private static SearchParameter reference(String name, String element) {
    return new SearchParameter(
        name,
        Kind.REFERENCE,
        List.of(element),
        null,
        "Type/id, or with :identifier what the reference names: references to what others own are"
            + " logical ones");
  }

  private static SearchParameter date(String name, String... elements) {
    return new SearchParameter(
        name, Kind.DATE, List.of(elements), null, "Prefixes eq, lt, le, gt, ge");
  }
}
