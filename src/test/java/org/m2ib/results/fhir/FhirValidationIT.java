package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.ATTRIBUTION;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;
import static org.m2ib.results.FhirSamples.heartLateral;
import static org.m2ib.results.FhirSamples.image;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.agreement.Proportion;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.MadeCampaign;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.StudyKey;
import org.m2ib.judging.Schemes;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

/** HAPI's validator against R4 and the definitions of docs/fhir; no terminology server. */
class FhirValidationIT {
  private static final Path DEFINITIONS = Path.of("docs/fhir/input/resources");
  private static final FhirContext R4 = FhirContext.forR4Cached();
  private static FhirValidator validator;

  @BeforeAll
  static void readDefinitions() throws IOException {
    PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(R4);
    definitions().forEach(file -> ours.addResource(parse(read(file))));
    ours.addResource(observationValues());
    UnknownCodeSystemWarningValidationSupport unknown =
        new UnknownCodeSystemWarningValidationSupport(R4); // SNOMED CT is not to be had here
    validator =
        R4.newValidator()
            .registerValidatorModule(
                new FhirInstanceValidator(
                    new ValidationSupportChain(
                        ours,
                        new DefaultProfileValidationSupport(R4),
                        new CommonCodeSystemsTerminologyService(R4),
                        new InMemoryTerminologyServerValidationSupport(R4),
                        new SnapshotGeneratingValidationSupport(R4),
                        unknown)));
  }

  /** As of HL7 Terminology 6.0.0, which knows the label of what AI asserted; R4's is older. */
  static CodeSystem observationValues() {
    CodeSystem known =
        (CodeSystem)
            new DefaultProfileValidationSupport(R4)
                .fetchCodeSystem("http://terminology.hl7.org/CodeSystem/v3-ObservationValue");
    CodeSystem newer = known.copy();
    newer.addConcept().setCode("AIAST").setDisplay("Artificial Intelligence asserted");
    return newer;
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void theDefinitionsAreValid(Path file) {
    assertThat(errors(read(file))).isEmpty();
  }

  static Stream<Path> definitions() throws IOException {
    try (Stream<Path> files = Files.list(DEFINITIONS)) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @Test
  void theBundleIsValid() {
    assertThat(errors(FhirBundle.json(bundle()))).isEmpty();
  }

  @Test
  void eachSingleResourceIsValid() {
    List<StoredResource> resources = FhirBundle.resources(bundle());
    assertThat(resources).hasSize(10);
    resources.forEach(r -> assertThat(errors(r.body())).as(r.type()).isEmpty());
  }

  @Test
  void aJudgementIsValidWithAndWithoutANoteAndWhenItIsWithdrawn() {
    for (String note : List.of("", "At the *base*,\nnot there.")) {
      for (boolean withdrawn : List.of(false, true)) {
        assertThat(errors(judgement(note, withdrawn))).as(note + withdrawn).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("judgementDamages")
  void whatTheJudgementsProfileAsksForIsMissed(Damage damage) {
    Resource judgement = (Resource) parse(judgement("", false));
    damage.change().accept(judgement);
    assertThat(errors(R4.newJsonParser().encodeResourceToString(judgement)))
        .anyMatch(e -> e.contains(damage.error()));
  }

  static Stream<Damage> judgementDamages() {
    return Stream.of(
        Damage.observation("no person", o -> o.setPerformer(null), "Observation.performer"),
        Damage.observation("no answer", o -> o.setComponent(null), "judgement-1"),
        Damage.observation("no notice", o -> o.setNote(null), "Observation.note"),
        Damage.observation("no attribution", o -> o.setDerivedFrom(null), "derivedFrom"),
        Damage.observation("no time", o -> o.setEffective(null), "Observation.effective[x]"),
        Damage.observation(
            "a stage that is not defined",
            o -> o.getMethod().getCodingFirstRep().setCode("maybe"),
            "maybe"));
  }

  private static String judgement(String note, boolean withdrawn) {
    return new FhirJudgements(FhirSamples.settings(), Schemes.usual())
        .of(
            List.of(FhirJudgementsTest.stored(effusion(), withdrawn)),
            List.of(FhirJudgementsTest.judgement(effusion(), "yes", note, "ada")))
        .get(0)
        .body();
  }

  @Test
  void discordancesAreValidWithAndWithoutAScoreAndWhenTheyAreWithdrawn() {
    for (boolean holds : List.of(true, false)) {
      FhirBundle.resources(discordances(holds))
          .forEach(r -> assertThat(errors(r.body())).as(r.type()).isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("discordanceDamages")
  void whatTheDiscordancesProfileAsksForIsMissed(Damage damage) {
    Resource discordance =
        discordances(true).getEntry().stream()
            .map(Bundle.BundleEntryComponent::getResource)
            .filter(r -> r.getMeta().getProfile().get(0).getValue().endsWith("/discordance"))
            .findFirst()
            .orElseThrow();
    damage.change().accept(discordance);
    assertThat(errors(R4.newJsonParser().encodeResourceToString(discordance)))
        .anyMatch(e -> e.contains(damage.error()));
  }

  static Stream<Damage> discordanceDamages() {
    return Stream.of(
        Damage.observation("no kind", o -> o.getCode().getCoding().remove(1), "discordance-1"),
        Damage.observation(
            "a kind that is not defined",
            o -> o.getCode().getCoding().get(1).setCode("odd"),
            "odd"),
        Damage.observation("no score", o -> o.setValue(null), "discordance-2"),
        Damage.observation(
            "a score above 1", o -> o.getValueQuantity().setValue(2), "discordance-2"),
        Damage.observation("no notice", o -> o.setNote(null), "Observation.note"),
        Damage.observation("no source", o -> o.setDerivedFrom(null), "derivedFrom"),
        Damage.observation("no report", o -> o.setFocus(null), "focus"));
  }

  private static Bundle discordances(boolean holds) {
    return new FhirBundle(FhirSamples.settings())
        .of(
            List.of(effusion()),
            Set.of(),
            List.of(),
            List.of(
                FhirSamples.wrongSide(holds), FhirSamples.omitted(), FhirSamples.contradiction()));
  }

  @Test
  void aCampaignsReportIsValid() {
    Campaign campaign = MadeCampaign.of(Instant.parse("2026-01-01T00:00:00Z"));
    String json =
        new FhirCampaignReport(FhirNames.defaults())
            .json(campaign, MadeCampaign.report(campaign), new Date(0));
    assertThat(json).contains("Measure/campaign", "stratifier", "cohen-kappa");
    assertThat(errors(json)).isEmpty();
  }

  @Test
  void aReportOfAgreementIsValid() {
    Map<String, Map<String, Proportion>> by =
        Map.of("model", Map.of("a", Proportion.of(1, 2), "b", Proportion.of(0, 0)));
    String json =
        new FhirAgreementReport(FhirNames.defaults())
            .json(
                List.of(
                    new FhirAgreementReport.Asked("standard", "finding", Proportion.of(1, 2), by)),
                LocalDate.of(2026, 1, 1),
                null,
                Date.from(Instant.parse("2026-01-02T00:00:00Z")));
    assertThat(errors(json)).isEmpty();
  }

  @Test
  void aResultWithHardlyAnythingKnownIsValid() {
    SentenceResult bare =
        FhirSamples.of(
            new StudyKey("1.2.3.4", null, null, null, null, null),
            effusion().sentence(),
            image(1, null),
            new MapLocation(1, 1, 150, 200, 0, 0, 0, 0, 0, "nowhere", "nowhere", "nowhere"),
            diverged());
    Bundle bundle = new FhirBundle(FhirSamples.settings()).of(List.of(bare), Set.of(), List.of());
    assertThat(errors(FhirBundle.json(bundle))).isEmpty();
  }

  @Test
  void aBundleOfEverySettingIsValid() {
    FhirBundle builder =
        new FhirBundle(
            FhirSamples.settings(
                "urn:oid:1.2.3",
                "http://ris.example/accession",
                "http://ris.example/report",
                "http://pacs.example/wado"));
    assertThat(errors(FhirBundle.json(builder.of(List.of(heart()), Set.of(), List.of()))))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aResultOfEveryMethodIsValid(String method) {
    Attribution a = MadeResults.by(method, ATTRIBUTION);
    Attribution withoutText = MadeResults.by(method, MadeResults.attribution(ATTRIBUTION.map()));
    Bundle bundle =
        new FhirBundle(FhirSamples.settings())
            .of(
                List.of(
                    MadeResults.with(effusion(), a, ATTRIBUTION),
                    MadeResults.with(heart(), withoutText)),
                Set.of(),
                List.of());
    assertThat(errors(FhirBundle.json(bundle))).isEmpty();
  }

  static Stream<String> methods() {
    return Methods.NAMES.stream();
  }

  /** So that an empty list of errors means something. */
  @ParameterizedTest
  @MethodSource("damages")
  void whatTheDefinitionsAskForIsMissed(Damage damage) {
    Resource resource =
        bundle().getEntry().stream()
            .map(Bundle.BundleEntryComponent::getResource)
            .filter(r -> r.fhirType().equals(damage.type()))
            .findFirst()
            .orElseThrow();
    damage.change().accept(resource);
    assertThat(errors(R4.newJsonParser().encodeResourceToString(resource)))
        .anyMatch(e -> e.contains(damage.error()));
  }

  record Damage(String what, String type, Consumer<Resource> change, String error) {
    static Damage observation(String what, Consumer<Observation> change, String error) {
      return new Damage(what, "Observation", r -> change.accept((Observation) r), error);
    }

    static Damage document(String what, Consumer<DocumentReference> change, String error) {
      return new Damage(
          what, "DocumentReference", r -> change.accept((DocumentReference) r), error);
    }

    @Override
    public String toString() {
      return type + ": " + what;
    }
  }

  private static Attachment attachment(DocumentReference document) {
    return document.getContentFirstRep().getAttachment();
  }

  static Stream<Damage> damages() {
    return Stream.of(
        Damage.observation("no status", o -> o.setStatus(null), "Observation.status"),
        Damage.observation("no notice", o -> o.setNote(null), "Observation.note"),
        Damage.observation("no device", o -> o.setDevice(null), "Observation.device"),
        Damage.observation("no sentence", o -> o.setValue(null), "Observation.value[x]"),
        Damage.observation("no source image", o -> o.setDerivedFrom(null), "derivedFrom"),
        Damage.observation(
            "no similarity",
            o ->
                o.getComponent()
                    .removeIf(c -> c.getCode().getCodingFirstRep().getCode().equals("similarity")),
            "similarity"),
        Damage.observation(
            "a component that is not defined",
            o ->
                o.addComponent()
                    .setCode(FhirNames.defaults().code("gamma", "Gamma"))
                    .setValue(new IntegerType(1)),
            "gamma"),
        Damage.observation(
            "a side that is not defined",
            o ->
                o.getComponent().stream()
                    .filter(c -> c.getValue() instanceof CodeableConcept)
                    .forEach(c -> c.getValueCodeableConcept().getCodingFirstRep().setCode("above")),
            "above"),
        Damage.observation(
            "derived from another Observation",
            o -> o.addDerivedFrom().setType("Observation").setReference("Observation/1"),
            "derivedFrom"),
        Damage.document("no data", d -> attachment(d).setData(null), "attachment.data"),
        Damage.document("no hash", d -> attachment(d).setHash(null), "attachment.hash"),
        Damage.document(
            "another form", d -> attachment(d).setContentType("text/csv"), "application/json"),
        Damage.document("no notice", d -> d.setDescription(null), "description"),
        Damage.document("no study", d -> d.getContext().getRelated().remove(0), "related"),
        Damage.document("no type", d -> d.setType(null), "DocumentReference.type"),
        new Damage("no note", "Device", r -> ((Device) r).setNote(null), "Device.note"),
        new Damage("no model", "Device", r -> ((Device) r).setProperty(null), "Device.property"),
        new Damage(
            "no report",
            "Provenance",
            r -> ((Provenance) r).getEntity().remove(1),
            "Provenance.entity"));
  }

  private static Bundle bundle() {
    return new FhirBundle(FhirSamples.settings())
        .of(
            List.of(MadeResults.withInteractions(effusion()), heart()),
            Set.of(effusion().key().id()),
            List.of(MadeResults.withInteractions(heartLateral())));
  }

  private static Attribution diverged() {
    Attribution a = ATTRIBUTION;
    return new Attribution(
        "m2ib",
        a.map(),
        List.of(),
        Double.NaN,
        null,
        0,
        0,
        0,
        0,
        Double.NaN,
        0,
        null,
        null,
        a.imageLoss(),
        a.textLoss(),
        Double.POSITIVE_INFINITY,
        0,
        true,
        14,
        a.settings());
  }

  private static List<String> errors(String json) {
    return errors(validator, json);
  }

  static List<String> errors(FhirValidator validator, String json) {
    return validator.validateWithResult(json).getMessages().stream()
        .filter(m -> m.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
        .map(m -> m.getLocationString() + ": " + m.getMessage())
        .toList();
  }

  private static IBaseResource parse(String json) {
    return R4.newJsonParser().parseResource(json);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
