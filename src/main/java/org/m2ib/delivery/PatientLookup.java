package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;

/**
 * Adds the server's own Patient to references that know the patient by identifier (FHIR R4
 * references.html#logical): clients that follow literal references then find it. Only where the
 * server has exactly one active Patient with that very identifier and its system; else the
 * reference stays as it is, for a reference to another patient is worse than none.
 */
final class PatientLookup {
  /** Finds Patients by {@code system|value}. */
  interface Search {
    IBaseResource patients(String token) throws DeliveryException;
  }

  private PatientLookup() {}

  static void complete(FhirContext fhir, Bundle bundle, Search search) {
    Map<String, Optional<String>> found = new HashMap<>();
    for (BundleEntryComponent entry : bundle.getEntry()) {
      for (Reference reference :
          fhir.newTerser()
              .getAllPopulatedChildElementsOfType(entry.getResource(), Reference.class)) {
        complete(reference, found, search);
      }
    }
  }

  private static void complete(
      Reference reference, Map<String, Optional<String>> found, Search search) {
    Identifier patient = reference.getIdentifier();
    if ("Patient".equals(reference.getType())
        && !reference.hasReference()
        && patient.hasSystem()
        && patient.hasValue()) {
      found
          .computeIfAbsent(token(patient), token -> find(token, patient, search))
          .ifPresent(id -> reference.setReference("Patient/" + id));
    }
  }

  private static String token(Identifier patient) {
    return escape(patient.getSystem()) + "|" + escape(patient.getValue());
  }

  /** FHIR R4 search.html#escaping. */
  private static String escape(String text) {
    return text.replaceAll("([\\\\$,|])", "\\\\$1");
  }

  private static Optional<String> find(String token, Identifier patient, Search search) {
    try {
      if (!(search.patients(token) instanceof Bundle answer)) {
        return Optional.empty();
      }
      List<BundleEntryComponent> matches =
          answer.getEntry().stream()
              .filter(entry -> entry.getSearch().getMode() != SearchEntryMode.OUTCOME)
              .toList();
      boolean more = answer.hasTotal() && answer.getTotal() > 1 || answer.getLink("next") != null;
      return matches.size() == 1
              && !more
              && matches.get(0).getResource() instanceof Patient one
              && is(one, patient)
          ? Optional.of(one.getIdElement().getIdPart())
          : Optional.empty();
    } catch (DeliveryException e) {
      return Optional.empty(); // a server may keep its Patients to itself
    }
  }

  private static boolean is(Patient found, Identifier patient) {
    return found.getIdElement().hasIdPart()
        && (!found.hasActive() || found.getActive())
        && found.getLink().stream().noneMatch(link -> link.getType() == LinkType.REPLACEDBY)
        && found.getIdentifier().stream()
            .anyMatch(
                own ->
                    patient.getSystem().equals(own.getSystem())
                        && patient.getValue().equals(own.getValue()));
  }
}
