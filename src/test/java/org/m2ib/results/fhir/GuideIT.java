package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.validation.FhirValidator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.ImplementationGuide;
import org.hl7.fhir.r4.model.ImplementationGuide.GuidePageGeneration;
import org.hl7.fhir.r4.model.MetadataResource;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.UrlType;
import org.hl7.fhir.utilities.npm.NpmPackage;
import org.junit.jupiter.api.Test;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;

/**
 * Builds the implementation guide of docs/fhir as an NPM package, {@code ./m2ib guide}: definitions
 * with snapshots, and examples, which are validated with the package alone.
 */
class GuideIT {
  private static final FhirContext R4 = FhirContext.forR4Cached();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path INPUT = Path.of("docs/fhir/input");
  private static final Path RESOURCES = INPUT.resolve("resources");
  private static final Path EXAMPLE = INPUT.resolve("examples/Bundle-case.json");
  private static final Path GUIDE = INPUT.resolve("ImplementationGuide-m2ib.json");
  private static final Path OUT =
      Path.of(System.getProperty("m2ib.guide", "target/guide")).resolve("package.tgz");
  private static final boolean WRITE = Boolean.getBoolean("m2ib.write-docs");

  private final DefaultProfileValidationSupport base = new DefaultProfileValidationSupport(R4);

  @Test
  void thePackageHasSnapshotsAndExamplesThatItsProfilesAccept() throws Exception {
    kept(EXAMPLE, example());
    kept(GUIDE, guide());
    Map<String, String> files = new TreeMap<>();
    files.put("package/package.json", manifest());
    for (Resource resource : definitions()) {
      Resource built = resource instanceof StructureDefinition d ? withSnapshot(d) : resource;
      files.put("package/" + name(resource), json(built));
    }
    files.put("package/" + GUIDE.getFileName(), Files.readString(GUIDE));
    files.put("package/example/" + EXAMPLE.getFileName(), Files.readString(EXAMPLE));
    files.put("package/.index.json", index(files));
    pack(files);

    NpmPackage made;
    try (InputStream in = Files.newInputStream(OUT)) {
      made = NpmPackage.fromPackage(in);
    }
    assertThat(made.name()).isEqualTo("org.m2ib.pacs");
    assertThat(made.fhirVersion()).isEqualTo("4.0.1");
    FhirValidator validator = validator(made);
    assertThat(FhirValidationIT.errors(validator, Files.readString(EXAMPLE))).isEmpty();
    for (String file : files.keySet()) {
      if (file.matches("package/[A-Z].*")) {
        assertThat(FhirValidationIT.errors(validator, files.get(file))).as(file).isEmpty();
      }
    }
    assertThat(
            FhirValidationIT.errors(
                validator, Files.readString(EXAMPLE).replace("\"similarity\"", "\"other\"")))
        .as("the profiles are used")
        .isNotEmpty();
  }

  /** With {@code -Dm2ib.write-docs=true}, a file that a program writes is written anew. */
  private static void kept(Path file, String content) throws IOException {
    if (WRITE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    }
    assertThat(Files.readString(file)).as(file.toString()).isEqualTo(content);
  }

  private static String example() {
    Bundle bundle =
        new FhirBundle(FhirBundle.Settings.of("1.0", java.time.ZoneOffset.UTC))
            .of(
                List.of(MadeResults.withInteractions(effusion()), heart()),
                Set.of(effusion().key().id()),
                List.of(),
                List.of(FhirSamples.wrongSide(true), FhirSamples.omitted()));
    bundle.setId("case");
    return json(bundle);
  }

  private static List<Resource> definitions() throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES)) {
      return files.sorted().map(GuideIT::read).toList();
    }
  }

  private static Resource read(Path file) {
    try {
      Resource resource = (Resource) R4.newJsonParser().parseResource(Files.readString(file));
      assertThat(name(resource)).isEqualTo(file.getFileName().toString());
      return resource;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String name(Resource resource) {
    return resource.fhirType() + "-" + resource.getIdElement().getIdPart() + ".json";
  }

  private static String json(Resource resource) {
    return R4.newJsonParser().setPrettyPrint(true).encodeResourceToString(resource) + "\n";
  }

  private static String guide() throws IOException {
    ImplementationGuide guide = new ImplementationGuide();
    guide.setId("m2ib");
    guide.setUrl(FhirNames.DEFAULT_BASE + "/ImplementationGuide/m2ib");
    guide.setVersion("1.0.0");
    guide.setName("M2ibPacs");
    guide.setTitle("Results of m2ib-pacs");
    guide.setStatus(PublicationStatus.ACTIVE);
    guide.setPackageId("org.m2ib.pacs");
    guide.addFhirVersion(FHIRVersion._4_0_1);
    for (Resource resource : definitions()) {
      MetadataResource definition = (MetadataResource) resource;
      guide
          .getDefinition()
          .addResource()
          .setReference(
              new Reference(resource.fhirType() + "/" + resource.getIdElement().getIdPart()))
          .setName(definition.getName())
          .setDescription(definition.getDescription());
    }
    guide
        .getDefinition()
        .addResource()
        .setReference(new Reference("Bundle/case"))
        .setName("A case")
        .setDescription("Two results of one image and two discordances, with made-up values.")
        .setExample(new BooleanType(true));
    guide
        .getDefinition()
        .getPage()
        .setTitle("Results of m2ib-pacs")
        .setGeneration(GuidePageGeneration.MARKDOWN)
        .setName(new UrlType("index.html"));
    return json(guide);
  }

  private StructureDefinition withSnapshot(StructureDefinition definition) {
    ValidationSupportChain chain =
        new ValidationSupportChain(base, new SnapshotGeneratingValidationSupport(R4));
    StructureDefinition made =
        (StructureDefinition)
            chain.generateSnapshot(
                new ValidationSupportContext(chain),
                definition.copy(),
                definition.getUrl(),
                null,
                definition.getName());
    StructureDefinition parent =
        (StructureDefinition) base.fetchStructureDefinition(definition.getBaseDefinition());
    assertThat(made.getSnapshot().getElement())
        .as(definition.getUrl())
        .hasSizeGreaterThanOrEqualTo(parent.getSnapshot().getElement().size());
    return made;
  }

  private static String manifest() throws IOException {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("name", "org.m2ib.pacs").put("version", "1.0.0").put("type", "IG");
    manifest.put("canonical", FhirNames.DEFAULT_BASE).put("title", "Results of m2ib-pacs");
    manifest.put("description", "Audit of image-text models. Not for diagnostic use.");
    manifest.putArray("fhirVersions").add("4.0.1");
    manifest.putObject("dependencies").put("hl7.fhir.r4.core", "4.0.1");
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest);
  }

  private static String index(Map<String, String> files) throws IOException {
    ObjectNode index = JSON.createObjectNode().put("index-version", 2);
    ArrayNode entries = index.putArray("files");
    for (String path : files.keySet()) {
      if (path.matches("package/[A-Z].*")) {
        var resource = JSON.readTree(files.get(path));
        ObjectNode entry = entries.addObject().put("filename", path.substring(8));
        for (String field : List.of("resourceType", "id", "url", "kind", "type")) {
          if (resource.path(field).isTextual()) {
            entry.put(field, resource.get(field).asText());
          }
        }
      }
    }
    return JSON.writeValueAsString(index);
  }

  private static void pack(Map<String, String> files) throws IOException {
    Files.createDirectories(OUT.toAbsolutePath().getParent());
    try (OutputStream out = Files.newOutputStream(OUT);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      for (var file : files.entrySet()) {
        byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
  }

  /** Knows R4 and what is in the package; its snapshots are used as they are. */
  private FhirValidator validator(NpmPackage made) throws IOException {
    PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(R4);
    for (String file : made.listResources("StructureDefinition", "CodeSystem", "ValueSet")) {
      try (InputStream in = made.load("package", file)) {
        ours.addResource(R4.newJsonParser().parseResource(in));
      }
    }
    ours.addResource(FhirValidationIT.observationValues());
    return R4.newValidator()
        .registerValidatorModule(
            new FhirInstanceValidator(
                new ValidationSupportChain(
                    ours,
                    base,
                    new CommonCodeSystemsTerminologyService(R4),
                    new InMemoryTerminologyServerValidationSupport(R4),
                    new UnknownCodeSystemWarningValidationSupport(R4))));
  }
}
