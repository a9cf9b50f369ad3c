package org.m2ib.fhir.store;

import ca.uhn.fhir.context.RuntimeSearchParam;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * The values that a resource can be found by: the elements selected by the paths of its {@link
 * SearchParameters}. These paths consist of alternatives of element names with a type or {@code
 * resolve() is Patient}, which is evaluated here; HAPI's FHIRPath engine needs R4's
 * StructureDefinitions, 6 MB and a second at startup.
 *
 * @param entries index entries without duplicates
 * @param date the resource's date; null if it has none
 */
record ResourceIndex(Set<Entry> entries, DateSpan date) {
  private static final Pattern PATH =
      Pattern.compile(
          "\\(?\\w+\\.([\\w.]+?)(?: as (\\w+)\\))?(\\.where\\(resolve\\(\\) is Patient\\))?");

  /**
   * @param parameter name of the search parameter, with {@link SearchParameters#IDENTIFIER} for a
   *     reference's identifier
   */
  record Entry(String parameter, SearchToken token) {}

  /** Returns the first code or type in the order of letters; {@code ""} if there is none. */
  String sortCode() {
    return entries.stream()
        .filter(entry -> entry.parameter().equals("code") || entry.parameter().equals("type"))
        .map(entry -> entry.token().code())
        .min(Comparator.naturalOrder())
        .orElse("");
  }

  /**
   * @throws IllegalArgumentException if a date is malformed
   */
  static ResourceIndex of(Resource resource, ZoneId zone) {
    Set<Entry> entries = new LinkedHashSet<>();
    DateSpan date = null;
    for (RuntimeSearchParam parameter : SearchParameters.of(resource.fhirType())) {
      String name = parameter.getName();
      if (parameter.getPath().isEmpty() || name.equals("_id") || name.equals("_lastUpdated")) {
        continue; // a column of its row, or found by a join
      }
      for (String alternative : parameter.getPath().split(" \\| ")) {
        Matcher path = PATH.matcher(alternative);
        if (!path.matches()) {
          throw new IllegalStateException("no index for " + parameter.getPath());
        }
        for (Base value : elements(resource, path.group(1), path.group(2))) {
          switch (parameter.getParamType()) {
            case TOKEN -> tokens(value).forEach(token -> entries.add(new Entry(name, token)));
            case REFERENCE -> {
              if (path.group(3) == null || toPatient((Reference) value)) {
                reference((Reference) value, name, entries);
              }
            }
            case DATE -> date = span(value, zone);
            default -> throw new IllegalStateException("no index for " + parameter.getParamType());
          }
        }
      }
    }
    return new ResourceIndex(entries, date);
  }

  /**
   * @param type type of the elements; null for any
   */
  private static List<Base> elements(Base resource, String path, String type) {
    Stream<Base> elements = Stream.of(resource);
    for (String name : path.split("\\.")) {
      elements = elements.flatMap(e -> e.listChildrenByName(name).stream());
    }
    return elements.filter(e -> type == null || e.fhirType().equals(type)).toList();
  }

  private static List<SearchToken> tokens(Base value) {
    if (value instanceof CodeableConcept concept) {
      return concept.getCoding().stream().flatMap(coding -> tokens(coding).stream()).toList();
    }
    if (value instanceof Coding coding) {
      return token(coding.getSystem(), coding.getCode());
    }
    Identifier identifier = (Identifier) value;
    return token(identifier.getSystem(), identifier.getValue());
  }

  private static List<SearchToken> token(String system, String code) {
    return code == null ? List.of() : List.of(new SearchToken(system == null ? "" : system, code));
  }

  private static void reference(Reference reference, String name, Set<Entry> entries) {
    if (reference.hasReference() && !reference.getReference().startsWith("#")) {
      entries.add(new Entry(name, new SearchToken("", reference.getReference())));
    }
    identifiers(reference).stream()
        .flatMap(identifier -> tokens(identifier).stream())
        .forEach(t -> entries.add(new Entry(name + SearchParameters.IDENTIFIER, t)));
  }

  /** Returns the identifiers of the reference itself or of the contained resource it points to. */
  private static List<? extends Base> identifiers(Reference reference) {
    return reference.getResource() instanceof Resource contained
        ? elements(contained, "identifier", "Identifier")
        : List.of(reference.getIdentifier());
  }

  /** A subject may also be a Group, a Device or a Location. */
  private static boolean toPatient(Reference reference) {
    if (reference.getResource() instanceof Resource contained) {
      return contained.fhirType().equals("Patient");
    }
    if (reference.hasType()) {
      return reference.getType().equals("Patient");
    }
    return !reference.hasReference() || ("/" + reference.getReference()).contains("/Patient/");
  }

  private static DateSpan span(Base value, ZoneId zone) {
    if (value instanceof Period period) {
      return DateSpan.between(
          bound(period.getStartElement(), zone), bound(period.getEndElement(), zone));
    }
    return value instanceof BaseDateTimeType time ? bound(time, zone) : null;
  }

  private static DateSpan bound(BaseDateTimeType time, ZoneId zone) {
    return time.isEmpty() ? null : DateSpan.parse(time.getValueAsString(), zone);
  }
}
