package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.MetadataResource;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.results.fhir.FhirNames;

/** Our definitions as somebody without a password reads them. */
@QuarkusTest
@TestProfile(ServiceProfile.Fhir.class)
class DefinitionsTest {
  private static final FhirContext FHIR = FhirContext.forR4Cached();
  private static final Path EXAMPLE = Path.of("docs/fhir/input/examples/Bundle-case.json");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TestHTTPResource("/fhir/")
  URI base;

  private HttpResponse<String> get(String path) {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Bundle search(String path) {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return FHIR.newJsonParser().parseResource(Bundle.class, answer.body());
  }

  /** Has nothing but what the service serves. */
  private final class Fetched implements IValidationSupport {
    private final Map<String, Optional<Resource>> found = new ConcurrentHashMap<>();

    private Resource fetch(String type, String url) {
      return found.computeIfAbsent(type + "?url=" + url, asked -> asked(type, url)).orElse(null);
    }

    private Optional<Resource> asked(String type, String url) {
      Bundle bundle = search(type + "?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
      return bundle.getEntry().stream().map(Bundle.BundleEntryComponent::getResource).findFirst();
    }

    private List<String> urls() {
      return found.values().stream()
          .flatMap(Optional::stream)
          .map(resource -> ((MetadataResource) resource).getUrl())
          .toList();
    }

    @Override
    public FhirContext getFhirContext() {
      return FHIR;
    }

    @Override
    public IBaseResource fetchStructureDefinition(String url) {
      return fetch("StructureDefinition", url);
    }

    @Override
    public IBaseResource fetchCodeSystem(String url) {
      return fetch("CodeSystem", url);
    }

    @Override
    public IBaseResource fetchValueSet(String url) {
      return fetch("ValueSet", url);
    }

    @Override
    public boolean isCodeSystemSupported(
        ca.uhn.fhir.context.support.ValidationSupportContext context, String system) {
      return fetchCodeSystem(system) != null;
    }
  }

  private static List<String> errors(FhirValidator validator, String json) {
    return validator.validateWithResult(json).getMessages().stream()
        .filter(m -> m.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
        .filter(m -> !m.getMessage().contains("#AIAST")) // newer than R4's own terminology
        .map(m -> m.getLocationString() + ": " + m.getMessage())
        .toList();
  }

  /** An Observation with every component. */
  private static String attribution() throws Exception {
    Bundle bundle = FHIR.newJsonParser().parseResource(Bundle.class, Files.readString(EXAMPLE));
    return bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(Observation.class::isInstance)
        .map(FHIR.newJsonParser()::encodeResourceToString)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStrangersValidatorResolvesTheAddressesInAResultOverHttp() throws Exception {
    Fetched fetched = new Fetched();
    ValidationSupportChain chain =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(FHIR),
            fetched,
            new CommonCodeSystemsTerminologyService(FHIR),
            new InMemoryTerminologyServerValidationSupport(FHIR),
            new SnapshotGeneratingValidationSupport(FHIR),
            new UnknownCodeSystemWarningValidationSupport(FHIR));
    FhirValidator validator =
        FHIR.newValidator().registerValidatorModule(new FhirInstanceValidator(chain));
    String example = attribution();
    assertThat(errors(validator, example)).isEmpty();
    assertThat(fetched.urls())
        .contains(
            FhirNames.DEFAULT_BASE + "/StructureDefinition/attribution",
            FhirNames.DEFAULT_BASE + "/CodeSystem/attribution",
            FhirNames.DEFAULT_BASE + "/CodeSystem/place");
    assertThat(errors(validator, example.replace("\"similarity\"", "\"other\"")))
        .as("what was fetched is used")
        .isNotEmpty();
  }

  @Test
  void everyDefinitionThatTheStatementNamesIsReadAtItsAddress() {
    String statement = get("metadata").body();
    List<String> named =
        java.util.regex.Pattern.compile('"' + FhirNames.DEFAULT_BASE + "/([A-Za-z]+/[a-z0-9-]+)\"")
            .matcher(statement)
            .results()
            .map(match -> match.group(1))
            .distinct()
            .filter(name -> !name.startsWith("SubscriptionTopic/")) // R4 has no such resource
            .toList();
    assertThat(named)
        .contains(
            "CapabilityStatement/m2ib",
            "ImplementationGuide/m2ib",
            "SearchParameter/study",
            "OperationDefinition/imagingstudy-everything",
            "StructureDefinition/attribution",
            "StructureDefinition/model-card");
    for (String name : named) {
      HttpResponse<String> answer = get(name);
      assertThat(answer.statusCode()).as(name + answer.body()).isEqualTo(200);
      MetadataResource read = (MetadataResource) FHIR.newJsonParser().parseResource(answer.body());
      assertThat(read.getUrl()).isEqualTo(FhirNames.DEFAULT_BASE + "/" + name);
      assertThat(read.getVersion()).isEqualTo("1.0.0");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "StructureDefinition? 8",
        "StructureDefinition?url=http://localhost:8080/fhir/StructureDefinition/device 1",
        "StructureDefinition?url=http://localhost:8080/fhir/StructureDefinition/device&version=2 0",
        "StructureDefinition?url=http://localhost:8080/fhir/StructureDefinition/device&version=1.0.0 1",
        "StructureDefinition?url=device 0",
        "StructureDefinition?name=m2ib 8",
        "StructureDefinition?name=device 0",
        "StructureDefinition?name:contains=DEVICE 1",
        "StructureDefinition?name:exact=M2ibDevice,M2ibProvenance 2",
        "StructureDefinition?name:exact=m2ibdevice 0",
        "StructureDefinition?_id=device&_id=provenance 0",
        "CodeSystem?status=active&_count=1 7",
        "CodeSystem?status=draft 0",
        "ValueSet?_summary=count 3",
        "Measure?url=http://localhost:8080/fhir/Measure/campaign 1",
        "Measure?name=m2ib 2"
      })
  void definitionsAreFoundByUrlVersionAndName(String path, int total) {
    assertThat(search(path).getTotal()).isEqualTo(total);
  }

  @Test
  void definitionsAreSearchedByPostButNotMade() throws Exception {
    HttpRequest.Builder search =
        HttpRequest.newBuilder(base.resolve("CodeSystem/_search"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("name:contains=verdict"));
    assertThat(CLIENT.send(search.build(), HttpResponse.BodyHandlers.ofString()).body())
        .contains("\"total\":1");
    HttpRequest.Builder made =
        HttpRequest.newBuilder(base.resolve("CodeSystem"))
            .header("Content-Type", "application/fhir+json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"resourceType\":\"CodeSystem\"}"));
    assertThat(CLIENT.send(made.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
  }

  @Test
  void theNextLinksLeadThroughAllAndPartsAreTagged() {
    int pages = 0;
    for (String next = "CodeSystem?_count=2&_elements=url"; next != null; pages++) {
      Bundle page = search(next);
      assertThat(page.getEntry())
          .allSatisfy(entry -> assertThat(entry.getResource().getMeta().getTag()).isNotEmpty());
      next = page.getLink("next") == null ? null : page.getLink("next").getUrl();
    }
    assertThat(pages).isEqualTo(4);
    assertThat(search("CodeSystem").getEntryFirstRep().getResource().getMeta().getTag())
        .as("the definitions themselves are not changed")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "StructureDefinition/none 404",
        "StructureDefinition/device?x=1 400",
        "StructureDefinition?type=Device 400",
        "StructureDefinition?url:below=http://localhost 400",
        "StructureDefinition?url= 400",
        "StructureDefinition/_history 400",
        "StructureDefinition/device/_history 400",
        "StructureDefinition/device/_history/1 400",
        "ValueSet/verdict/$expand 400",
        "Observation 401",
        "Observation/a 401"
      })
  void nothingElseIsOpen(String path, int status) {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("OperationOutcome");
  }

  @Test
  void allAddressesAreUnderTheConfiguredBase() {
    Definitions definitions = new Definitions(new FhirNames("https://radiology.example/fhir/"));
    for (Class<? extends MetadataResource> type : Definitions.TYPES) {
      assertThat(definitions.of(type.getSimpleName()))
          .isNotEmpty()
          .allSatisfy(
              one -> {
                assertThat(one.getUrl()).startsWith("https://radiology.example/fhir/");
                assertThat(FHIR.newJsonParser().encodeResourceToString(one))
                    .doesNotContain(FhirNames.DEFAULT_BASE);
              });
    }
  }
}
