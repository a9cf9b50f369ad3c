package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.hl7.fhir.r4.model.ImplementationGuide;
import org.hl7.fhir.r4.model.ImplementationGuide.ImplementationGuideDefinitionResourceComponent;
import org.hl7.fhir.r4.model.MetadataResource;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.m2ib.results.fhir.FhirNames;

/**
 * The definitions of docs/fhir, which the build takes along, with their addresses under the
 * configured base. They are parsed when they are first asked for.
 */
final class Definitions {
  /** Types of the definitions. */
  static final List<Class<? extends MetadataResource>> TYPES =
      List.of(
          org.hl7.fhir.r4.model.CapabilityStatement.class,
          org.hl7.fhir.r4.model.CodeSystem.class,
          ImplementationGuide.class,
          org.hl7.fhir.r4.model.Measure.class,
          org.hl7.fhir.r4.model.OperationDefinition.class,
          org.hl7.fhir.r4.model.SearchParameter.class,
          StructureDefinition.class,
          org.hl7.fhir.r4.model.ValueSet.class);

  private static final String GUIDE = "ImplementationGuide-m2ib.json";

  private final FhirContext fhir = FhirContext.forR4Cached();
  private final FhirNames names;
  private List<MetadataResource> all;

  /**
   * @param names the configured base
   */
  Definitions(FhirNames names) {
    this.names = names;
  }

  static boolean isDefinition(String type) {
    return TYPES.stream().anyMatch(one -> one.getSimpleName().equals(type));
  }

  /** Returns the definitions of one type in the order of their ids. */
  List<MetadataResource> of(String type) {
    return all().stream().filter(one -> one.fhirType().equals(type)).toList();
  }

  /** Returns the canonical URLs of our profiles of a resource type. */
  List<String> profiles(String type) {
    return of("StructureDefinition").stream()
        .map(StructureDefinition.class::cast)
        .filter(profile -> profile.getType().equals(type))
        .map(StructureDefinition::getUrl)
        .toList();
  }

  private synchronized List<MetadataResource> all() {
    if (all == null) {
      ImplementationGuide guide = (ImplementationGuide) read(GUIDE);
      List<MetadataResource> read = new ArrayList<>(List.of(guide));
      for (ImplementationGuideDefinitionResourceComponent one :
          guide.getDefinition().getResource()) {
        if (!one.hasExample()) {
          String file = one.getReference().getReference().replace('/', '-') + ".json";
          read.add((MetadataResource) read("resources/" + file));
        }
      }
      read.sort(Comparator.comparing(Resource::getIdPart));
      all = List.copyOf(read);
    }
    return all;
  }

  private Resource read(String file) {
    try (InputStream in = Definitions.class.getResourceAsStream("definitions/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks docs/fhir/input/" + file);
      }
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String moved = json.replace(FhirNames.DEFAULT_BASE + "/", names.base() + "/");
      return (Resource) fhir.newJsonParser().parseResource(moved);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
