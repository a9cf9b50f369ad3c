package org.m2ib.fhir.store;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.context.RuntimeSearchParam.RuntimeSearchParamStatusEnum;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.m2ib.results.fhir.FhirNames;

/**
 * The search parameters of each resource type, as HAPI defines them from FHIR R4, and two that this
 * service defines itself. The index, the search and the capability statement all use this table.
 */
public final class SearchParameters {
  public static final FhirContext FHIR = FhirContext.forR4Cached();

  /** Study Instance UID of the study that a resource is about. Not part of FHIR R4. */
  public static final RuntimeSearchParam STUDY =
      own(
          "study",
          "study",
          RestSearchParameterTypeEnum.TOKEN,
          "Study Instance UID (0020,000D) of the study that the resource is about, with or without"
              + " urn:dicom:uid| and urn:oid:");

  /** Patient of the Observations that a Provenance is about. R4 has no such parameter. */
  public static final RuntimeSearchParam TARGETS_PATIENT =
      own(
          "patient",
          "provenance-patient",
          RestSearchParameterTypeEnum.REFERENCE,
          "Patient of the Observations that it is about, by patient:identifier only");

  /**
   * Suffix of a reference parameter that searches by identifier (FHIR R4 search.html#reference).
   */
  public static final String IDENTIFIER = ":identifier";

  private static final Map<String, List<RuntimeSearchParam>> BY_TYPE =
      Map.of(
          "Observation",
          all(
              "Observation",
              List.of(STUDY),
              "identifier patient subject code value-concept date derived-from device"),
          "DiagnosticReport",
          all("DiagnosticReport", List.of(STUDY), "identifier patient subject code date"),
          "DocumentReference",
          all("DocumentReference", List.of(STUDY), "identifier patient subject type date author"),
          "ImagingStudy",
          all("ImagingStudy", List.of(STUDY), "identifier patient subject started"),
          "Device",
          all("Device", List.of(), "identifier type"),
          "Provenance", // R4 defines no identifier for Provenance, so _tag carries it
          all("Provenance", List.of(STUDY, TARGETS_PATIENT), "_tag target agent recorded"));

  /** References between resources that the service serves itself: to which types. */
  private static final Map<String, List<String>> TARGETS =
      new TreeMap<>(
          Map.of(
              "Observation:device", List.of("Device"),
              "Observation:derived-from", List.of("DocumentReference", "Observation"),
              "DocumentReference:author", List.of("Device"),
              "Provenance:target", List.of("DocumentReference", "Observation"),
              "Provenance:agent", List.of("Device")));

  private SearchParameters() {}

  /**
   * Returns the types of the service's own resources that a reference may point to; none for a
   * reference to other systems' resources.
   */
  public static List<String> targets(String type, String parameter) {
    return TARGETS.getOrDefault(type + ":" + parameter, List.of());
  }

  /**
   * Returns {@code Type:parameter} of each reference from a type to the service's own resources.
   */
  public static List<String> includes(String type) {
    return TARGETS.keySet().stream().filter(name -> name.startsWith(type + ":")).toList();
  }

  /** Returns {@code Type:parameter} of each reference to a type. */
  public static List<String> revIncludes(String type) {
    return TARGETS.entrySet().stream()
        .filter(reference -> reference.getValue().contains(type))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns an empty list for a type that the service does not serve. */
  public static List<RuntimeSearchParam> of(String type) {
    return BY_TYPE.getOrDefault(type, List.of());
  }

  /**
   * @param name parameter name without modifier or chain
   */
  public static Optional<RuntimeSearchParam> find(String type, String name) {
    return of(type).stream().filter(parameter -> parameter.getName().equals(name)).findFirst();
  }

  private static List<RuntimeSearchParam> all(
      String type, List<RuntimeSearchParam> own, String names) {
    return Stream.concat(
            own.stream(),
            Stream.of(("_id _lastUpdated " + names).split(" "))
                .map(FHIR.getResourceDefinition(type)::getSearchParam))
        .toList();
  }

  private static RuntimeSearchParam own(
      String name, String id, RestSearchParameterTypeEnum type, String description) {
    return new RuntimeSearchParam(
        null,
        FhirNames.DEFAULT_BASE + "/SearchParameter/" + id,
        name,
        description,
        "",
        type,
        Set.of(),
        Set.of(),
        RuntimeSearchParamStatusEnum.ACTIVE,
        null);
  }
}
