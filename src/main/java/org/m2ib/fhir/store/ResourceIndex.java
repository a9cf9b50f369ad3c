package org.m2ib.fhir.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a resource is found by, read from its JSON as {@link SearchParameter} says.
 *
 * @param entries no two alike
 * @param date null where it has none
 */
record ResourceIndex(Set<Entry> entries, DateSpan date) {

  /**
   * @param parameter a name, with {@link SearchParameter#IDENTIFIER} for a reference's identifier
   */
  record Entry(String parameter, SearchToken token) {}

  /**
   * @throws IllegalArgumentException when a date is not one
   */
  static ResourceIndex of(JsonNode resource, ZoneId zone) {
    Set<Entry> entries = new LinkedHashSet<>();
    DateSpan date = null;
    for (SearchParameter parameter : SearchParameter.of(resource.path("resourceType").asText())) {
      String name = parameter.name();
      for (JsonNode value : values(resource, parameter.elements())) {
        switch (parameter.kind()) {
          case TOKEN -> tokens(value).forEach(token -> entries.add(new Entry(name, token)));
          case REFERENCE -> {
            if (!name.equals("patient") || toPatient(resource, value)) {
              reference(resource, value, name, entries);
            }
          }
          case DATE -> date = span(value, zone);
          default -> {} // not from an element
        }
      }
    }
    return new ResourceIndex(entries, date);
  }

  /** Of the first element that is there; an array's items one by one. */
  private static List<JsonNode> values(JsonNode resource, List<String> elements) {
    List<JsonNode> values = new ArrayList<>();
    for (String element : elements) {
      JsonNode value = resource.at("/" + element.replace('.', '/'));
      if (value.isArray()) {
        value.forEach(values::add);
      } else if (!value.isMissingNode()) {
        values.add(value);
      }
      if (!values.isEmpty()) {
        break;
      }
    }
    return values;
  }

  /** Of an Identifier, a Coding, or a CodeableConcept's codings. */
  private static List<SearchToken> tokens(JsonNode value) {
    List<SearchToken> tokens = new ArrayList<>();
    for (String element : List.of("value", "code")) {
      if (value.has(element)) {
        tokens.add(new SearchToken(value.path("system").asText(""), value.path(element).asText()));
      }
    }
    value.path("coding").forEach(coding -> tokens.addAll(tokens(coding)));
    return tokens;
  }

  private static void reference(
      JsonNode resource, JsonNode value, String name, Set<Entry> entries) {
    String literal = value.path("reference").asText("");
    if (!literal.isEmpty() && !literal.startsWith("#")) {
      entries.add(new Entry(name, new SearchToken("", literal)));
    }
    for (JsonNode named : List.of(value, contained(resource, value))) {
      for (JsonNode identifier : values(named, List.of("identifier"))) {
        tokens(identifier)
            .forEach(t -> entries.add(new Entry(name + SearchParameter.IDENTIFIER, t)));
      }
    }
  }

  /** What a reference within the resource points at; a missing node when it points elsewhere. */
  private static JsonNode contained(JsonNode resource, JsonNode reference) {
    String literal = reference.path("reference").asText("");
    for (JsonNode contained : resource.path("contained")) {
      if (literal.equals("#" + contained.path("id").asText())) {
        return contained;
      }
    }
    return resource.path("contained").path("none");
  }

  /** A subject may be a Group, a Device or a Location too. */
  private static boolean toPatient(JsonNode resource, JsonNode reference) {
    JsonNode contained = contained(resource, reference);
    if (!contained.isMissingNode()) {
      return contained.path("resourceType").asText().equals("Patient");
    }
    String literal = reference.path("reference").asText("");
    return reference.has("type")
        ? reference.path("type").asText().equals("Patient")
        : literal.isEmpty() || ("/" + literal).contains("/Patient/");
  }

  private static DateSpan span(JsonNode value, ZoneId zone) {
    if (value.isObject()) {
      return DateSpan.between(bound(value.path("start"), zone), bound(value.path("end"), zone));
    }
    return DateSpan.parse(value.asText(), zone);
  }

  private static DateSpan bound(JsonNode bound, ZoneId zone) {
    return bound.isMissingNode() ? null : DateSpan.parse(bound.asText(), zone);
  }
}
