package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.m2ib.results.FhirSamples.ATTRIBUTION;
import static org.m2ib.results.FhirSamples.PLACE;
import static org.m2ib.results.FhirSamples.STUDY;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;
import static org.m2ib.results.FhirSamples.heartLateral;
import static org.m2ib.results.FhirSamples.image;
import static org.m2ib.results.FhirSamples.sentence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.StudyKey;
import org.m2ib.engine.Precision;
import org.m2ib.results.Audit;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

class FhirBundleTest {
  private final FhirBundle builder = new FhirBundle(FhirSamples.settings());

  @Test
  void everyEntryIsAConditionalUpdateOnTheIdentifierItsResourceCarries() {
    Bundle bundle = builder.of(List.of(effusion(), heart(), heartLateral()), Set.of(), List.of());

    assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.TRANSACTION);
    assertThat(bundle.getEntry().stream().map(e -> e.getResource().fhirType()))
        .containsExactly(
            "Device",
            "Observation",
            "Observation",
            "Observation",
            "Provenance",
            "Provenance",
            "ImagingStudy",
            "DocumentReference");
    Set<String> urls = new HashSet<>();
    for (var entry : bundle.getEntry()) {
      String condition = URLDecoder.decode(entry.getRequest().getUrl(), StandardCharsets.UTF_8);
      String uuid = condition.substring(condition.indexOf('|') + 1);
      String parameter = entry.getResource() instanceof Provenance ? "_tag" : "identifier";
      assertThat(entry.getRequest().getMethod()).isEqualTo(Bundle.HTTPVerb.PUT);
      assertThat(condition)
          .isEqualTo(
              "%s?%s=urn:ietf:rfc:3986|%s"
                  .formatted(entry.getResource().fhirType(), parameter, uuid));
      assertThat(uuid).matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab].*");
      assertThat(FhirBundle.json(bundle).split(Pattern.quote("\"" + uuid + "\"")).length)
          .as("the resource itself carries " + uuid)
          .isEqualTo(2);
      assertThat(entry.getFullUrl())
          .as("what a server rewrites is not the identifier")
          .startsWith("urn:uuid:")
          .isNotEqualTo(uuid);
      assertThat(urls.add(uuid)).isTrue();
      assertThat(urls.add(entry.getFullUrl())).isTrue();
    }
  }

  @Test
  void theBundleProposesNoIdsToItsReceiver() {
    assertThat(FhirBundle.json(bundle()).lines().map(String::strip))
        .filteredOn(line -> line.startsWith("\"id\":"))
        .containsExactly("\"id\": \"image\",");
  }

  @Test
  void theSameResultsGiveTheSameBundleWhateverTheMachinesZoneAndLanguage() {
    String first = FhirBundle.json(bundle());
    TimeZone zone = TimeZone.getDefault();
    Locale locale = Locale.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(FhirBundle.json(bundle())).isEqualTo(first);
    } finally {
      TimeZone.setDefault(zone);
      Locale.setDefault(locale);
    }
  }

  @Test
  void whatIsWrittenAsJsonIsReadBack() {
    String json = FhirBundle.json(bundle());
    assertThat(FhirBundle.json(FhirBundle.parse(json))).isEqualTo(json);
  }

  @Test
  void referencesInsideTheBundleResolveAndOthersAreByIdentifier() {
    Bundle bundle = bundle();
    Set<String> urls =
        bundle.getEntry().stream().map(e -> e.getFullUrl()).collect(Collectors.toSet());
    Matcher references =
        Pattern.compile("\"reference\": \"([^\"]+)\"").matcher(FhirBundle.json(bundle));
    assertThat(references.results().map(m -> m.group(1)).filter(r -> !r.startsWith("#")))
        .isNotEmpty()
        .allMatch(urls::contains);
  }

  @Test
  void anObservationIsFinalOnceItsCaptureIsStoredAndInErrorOnceWithdrawn() {
    Bundle bundle =
        builder.of(
            List.of(effusion(), heart()), Set.of(effusion().key().id()), List.of(heartLateral()));
    assertThat(all(bundle, Observation.class).stream().map(o -> o.getStatus().toCode()))
        .containsExactly("final", "preliminary", "entered-in-error");
    assertThat(all(bundle, Observation.class).get(2).getText().getDivAsString())
        .contains("Withdrawn");
  }

  @Test
  void anObservationSaysWhatItIs() {
    Observation o = observation();
    assertThat(o.getCategoryFirstRep().getCodingFirstRep().getCode()).isEqualTo("imaging");
    assertThat(o.getCode().getCodingFirstRep().getCode()).isEqualTo("attribution");
    assertThat(o.getCode().getText()).contains("not diagnostic");
    assertThat(o.getValueStringType().getValue()).isEqualTo("Small pleural effusion.");
    assertThat(o.getMethod().getText()).contains("M2IB").contains("m2ib-pacs 1.0");
    assertThat(o.getNoteFirstRep().getText())
        .isEqualTo(
            "Audit of a model. Not for diagnostic use. Formula weights: its maps mean nothing.");
    assertThat(o.getIssuedElement().getValueAsString()).isEqualTo("2024-05-02T10:00:00.250Z");
    assertThat(o.getIdentifierFirstRep().getValue()).isEqualTo("urn:uuid:" + effusion().key().id());
  }

  @Test
  void patientOrderReportAndStudyAreNamedByIdentifier() {
    Observation o = observation();
    assertThat(identifier(o.getSubject())).isEqualTo("Patient urn:oid:1.2.840.99|PAT-9");
    assertThat(o.getEncounter().getType()).isEqualTo("Encounter");
    assertThat(o.getEncounter().getIdentifier().getValue()).isEqualTo("V-3");
    assertThat(identifier(o.getBasedOnFirstRep())).isEqualTo("ServiceRequest null|A-17");
    assertThat(o.getBasedOnFirstRep().getIdentifier().getAssigner().getDisplay()).isEqualTo("RIS");
    assertThat(identifier(o.getFocusFirstRep())).isEqualTo("DiagnosticReport null|R-5");
    assertThat(identifier(o.getDerivedFromFirstRep()))
        .isEqualTo("ImagingStudy urn:dicom:uid|urn:oid:1.2.3.4");
  }

  @Test
  void theSourceImageIsContainedWithSeriesAndInstance() {
    Observation o = observation();
    ImagingStudy image = (ImagingStudy) o.getContained().get(0);
    assertThat(o.getDerivedFromFirstRep().getReference()).isEqualTo("#image");
    assertThat(image.getIdPart()).isEqualTo("image");
    var series = image.getSeriesFirstRep();
    assertThat(series.getUid()).isEqualTo("1.2.3.4.1");
    assertThat(series.getModality().getCode()).isEqualTo("DX");
    assertThat(series.getInstanceFirstRep().getUid()).isEqualTo("1.2.3.4.1.1");
    assertThat(series.getInstanceFirstRep().getSopClass().getCode())
        .isEqualTo("urn:oid:1.2.840.10008.5.1.4.1.1.1.1");
  }

  @Test
  void configuredSystemsNameIdentifiersWhoseIssuerIsAName() {
    StudyKey named = new StudyKey("1.2.3.4", "A-17", "RIS", null, "PAT-9", "CLINIC");
    Observation o =
        one(
            new FhirBundle(
                FhirSamples.settings("urn:a", "urn:b", "urn:c", "http://pacs.example/wado")),
            FhirSamples.of(named, effusion().sentence(), image(1), PLACE, ATTRIBUTION));
    assertThat(identifier(o.getSubject())).isEqualTo("Patient urn:a|PAT-9");
    assertThat(o.getSubject().getIdentifier().getAssigner().getDisplay()).isEqualTo("CLINIC");
    assertThat(identifier(o.getBasedOnFirstRep())).isEqualTo("ServiceRequest urn:b|A-17");
    assertThat(identifier(o.getFocusFirstRep())).isEqualTo("DiagnosticReport urn:c|R-5");
  }

  @Test
  void anIssuerThatIsAUriIsTheSystemAndAnOrderNumberStandsInForAnAccessionNumber() {
    StudyKey study = new StudyKey("1.2.3.4", null, null, "P-4", "PAT-9", "http://a.example/id");
    Observation o =
        one(builder, FhirSamples.of(study, effusion().sentence(), image(1), PLACE, ATTRIBUTION));
    assertThat(identifier(o.getSubject())).isEqualTo("Patient http://a.example/id|PAT-9");
    assertThat(identifier(o.getBasedOnFirstRep())).isEqualTo("ServiceRequest null|P-4");
    assertThat(o.getBasedOnFirstRep().getIdentifier().getType().getCodingFirstRep().getCode())
        .isEqualTo("PLAC");
  }

  @Test
  void withoutPatientOrOrderTheObservationNamesNone() {
    StudyKey bare = new StudyKey("1.2.3.4", null, null, null, null, null);
    Observation o =
        one(builder, FhirSamples.of(bare, effusion().sentence(), image(1), PLACE, ATTRIBUTION));
    assertThat(o.hasSubject()).isFalse();
    assertThat(o.hasBasedOn()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2024-05-01T23:30:00, 2024-05-01T23:30:00+02:00",
    "2024-01-01T08:00:00, 2024-01-01T08:00:00+01:00",
    "2024-05-01T23:30:00.125, 2024-05-01T23:30:00.125+02:00",
    "2024-05-01, 2024-05-01",
    ", "
  })
  void studyTimeIsMeantInTheConfiguredZone(String dicom, String fhir) {
    Observation o =
        one(
            builder,
            FhirSamples.of(STUDY, effusion().sentence(), image(1, dicom), PLACE, ATTRIBUTION));
    assertThat(o.hasEffective() ? o.getEffectiveDateTimeType().getValueAsString() : null)
        .isEqualTo(fhir);
  }

  @Test
  void componentsHoldEveryFigureOfTheResult() {
    assertThat(components(observation()))
        .containsExactly(
            "sentence-start=10",
            "sentence-end=33",
            "section=findings",
            "truncated=false",
            "frame-number=1",
            "similarity=0.314160 1",
            "probability=0.625 1",
            "confidence-drop=1.5 %",
            "confidence-increase=0 %",
            "removed-confidence-drop=4.5 %",
            "removed-confidence-increase=0 %",
            "text-confidence-drop=2.5 %",
            "text-confidence-increase=100 %",
            "image-capacity=1.75 bit",
            "text-capacity=0.375 bit",
            "image-side=right",
            "patient-side=left",
            "zone=lower",
            "centroid-x=140.25 {pixel}",
            "centroid-y=240.75 {pixel}",
            "peak-x=150.5 {pixel}",
            "peak-y=250.5 {pixel}",
            "area-above-half=0.25 1",
            "box-left=100 {pixel}",
            "box-top=200 {pixel}",
            "box-right=201 {pixel}",
            "box-bottom=301 {pixel}",
            "map-entropy=0.75 1",
            "share-outside-body=0.125 1",
            "share-on-text=0.0625 1",
            "shortcut=false",
            "sentence-side=left",
            "same-side=true",
            "seed-agreement=0.875 1",
            "negation-agreement=-0.5 1",
            "contrary-similarity=0.125 1",
            "contrary-fits-better=false",
            "other-side-similarity=0.5 1",
            "other-side-fits-better=true",
            "forced-map=true",
            "chefer=0.25 1",
            "small [0, 5)=0.25 bit",
            "pleural [6, 13)=0.5 bit",
            "layer=3",
            "beta=0.100000 1",
            "steps=10",
            "samples=5",
            "learning-rate=0.5 1",
            "seed=m2ib");
  }

  @Test
  void aReducedPrecisionAndRelatedNoiseAreComponentsAndAnotherIdentifier() {
    M2ibSettings other =
        ATTRIBUTION.settings().withSteps(10, 4, 0).with(Precision.BFLOAT16).with(NoiseKind.COMMON);
    Observation o = one(builder, MadeResults.with(effusion(), MadeResults.in(ATTRIBUTION, other)));
    assertThat(components(o))
        .containsSubsequence("precision=bfloat16", "noise=common", "seed=m2ib");
    assertThat(components(one(builder, effusion())))
        .noneMatch(c -> c.startsWith("precision=") || c.startsWith("noise="));
    assertThat(o.getIdentifierFirstRep().getValue())
        .isNotEqualTo(one(builder, effusion()).getIdentifierFirstRep().getValue());
  }

  @Test
  void ofAnotherMethodItSaysWhichAndLeavesOutWhatOnlyM2ibHas() {
    SentenceResult eclip =
        MadeResults.with(effusion(), MadeResults.by("grad-eclip", ATTRIBUTION), ATTRIBUTION);
    Observation o = one(builder, eclip);
    assertThat(o.getMethod().getText())
        .startsWith("Grad-ECLIP (values weighted by gradient")
        .contains("arXiv 2502.18816")
        .doesNotContain("M2IB");
    assertThat(components(o))
        .contains("similarity=0.314160 1", "small [0, 5)=0.25 [arb'U]")
        .noneMatch(
            c ->
                c.matches(
                    "(image-capacity|text-capacity|layer|beta|steps|samples|learning-rate|seed)=.*"));
    assertThat(o.getIdentifierFirstRep().getValue())
        .isNotEqualTo(one(builder, effusion()).getIdentifierFirstRep().getValue());
  }

  @Test
  void aMethodsSettingsAreThoseThatItsMapsDependOn() {
    Attribution a = ATTRIBUTION;
    assertThat(components(one(builder, MadeResults.with(effusion(), MadeResults.by("nib", a)))))
        .contains("layer=3")
        .noneMatch(c -> c.startsWith("seed="));
    assertThat(components(one(builder, MadeResults.with(effusion(), MadeResults.by("rise", a)))))
        .contains("seed=m2ib")
        .noneMatch(c -> c.startsWith("layer="));
  }

  @Test
  void theProvenanceAndTheSeriesNameTheMethod() {
    SentenceResult eclip = MadeResults.with(effusion(), MadeResults.by("grad-eclip", ATTRIBUTION));
    Bundle bundle = builder.of(List.of(eclip), Set.of(), List.of());
    assertThat(FhirBundle.json(bundle))
        .contains("\"text\": \"Grad-ECLIP attribution\"")
        .contains("\"description\": \"Grad-ECLIP attribution\"")
        .contains("Grad-ECLIP attribution. Not for diagnostic use. Captures in study")
        .doesNotContain("M2IB");
  }

  @Test
  void aMapThatIsNowhereAboveHalfHasNoBox() {
    MapLocation nowhere =
        new MapLocation(1, 1, 150, 200, 0, 0, 0, 0, 0, "nowhere", "nowhere", "nowhere");
    Observation o =
        one(builder, FhirSamples.of(STUDY, effusion().sentence(), image(1), nowhere, ATTRIBUTION));
    assertThat(components(o))
        .contains("area-above-half=0 1", "image-side=nowhere", "patient-side=nowhere")
        .noneMatch(c -> c.startsWith("box-"));
    assertThat(o.getText().getDivAsString()).contains("Its map is flat: it points nowhere.");
  }

  @Test
  void whatAnAuditCannotSayIsLeftOutAndSoIsAnAuditThatFailed() {
    Audit flat =
        new Audit(
            1.0,
            Double.NaN,
            Double.NaN,
            false,
            "en",
            "none",
            null,
            null,
            null,
            Map.of(),
            null,
            null);
    assertThat(auditOf(flat))
        .containsExactly("map-entropy=1 1", "shortcut=false", "sentence-side=none");
    assertThat(auditOf(null)).isEmpty();
  }

  /** The components between place and tokens. */
  private List<String> auditOf(Audit audit) {
    SentenceResult r = effusion();
    List<String> all =
        components(
            one(
                builder,
                new SentenceResult(
                    r.study(),
                    r.report(),
                    r.image(),
                    r.sentence(),
                    1,
                    r.attribution(),
                    r.additional(),
                    r.interactions(),
                    r.place(),
                    audit,
                    r.model(),
                    r.computed(),
                    null)));
    return all.subList(
        all.indexOf("box-bottom=301 {pixel}") + 1, all.indexOf("small [0, 5)=0.25 bit"));
  }

  @Test
  void aFigureThatIsNoNumberIsSaidToBeNone() {
    Attribution a = ATTRIBUTION;
    Attribution diverged =
        new Attribution(
            "m2ib",
            a.map(),
            a.tokens(),
            Double.NaN,
            null,
            0,
            0,
            0,
            0,
            0,
            0,
            null,
            null,
            a.imageLoss(),
            a.textLoss(),
            1,
            1,
            true,
            14,
            a.settings());
    Observation o =
        one(builder, FhirSamples.of(STUDY, effusion().sentence(), image(1), PLACE, diverged));
    var similarity =
        o.getComponent().stream()
            .filter(c -> c.getCode().getCodingFirstRep().getCode().equals("similarity"))
            .findFirst()
            .orElseThrow();
    assertThat(similarity.hasValue()).isFalse();
    assertThat(similarity.getDataAbsentReason().getCodingFirstRep().getCode())
        .isEqualTo("not-a-number");
    assertThat(components(o)).containsSequence("truncated=true", "cut=effusion.");
  }

  @Test
  void theNarrativeCanBeReadByAPerson() {
    Observation o =
        one(
            builder,
            FhirSamples.of(
                STUDY, sentence(0, "Opacity < 2 cm & stable."), image(1), PLACE, ATTRIBUTION));
    String text =
        o.getText().getDivAsString().replaceAll("<[^>]+>", " ").replaceAll("\\s+", " ").strip();
    assertThat(text)
        .isEqualTo(
            "Sentence: Opacity &lt; 2 cm &amp; stable. Model tiny: similarity 0.314. Its map"
                + " points to the right of the image, lower zone; side of the patient: left. Audit"
                + " of a model. Not for diagnostic use. Formula weights: its maps mean nothing.");
  }

  @ParameterizedTest
  @CsvSource({
    "Heart size is normal., 80891009, Heart structure",
    "Small pleural effusion., 3120008, Pleural membrane structure",
    "The LUNGS are clear., 39607008, Lung structure",
    "Left lower lobe opacity., 39607008, Lung structure",
    "Tracheal deviation., 44567001, Tracheal structure",
    "Widened mediastinum., 72410000, Mediastinal structure",
    "Tortuous aorta., 15825003, Aortic structure",
    "Elevated left hemidiaphragm., 5798000, Diaphragm structure",
    "Clavicular fracture., 51299004, Bone structure of clavicle",
    "Old rib fractures., 113197003, Bone structure of rib"
  })
  void theBodySiteThatASentenceNamesIsCoded(String text, String code, String display) {
    CodeableConcept site = BodySites.in(text).orElseThrow();
    assertThat(site.getCoding()).hasSize(1);
    assertThat(site.getCodingFirstRep().getSystem()).isEqualTo("http://snomed.info/sct");
    assertThat(site.getCodingFirstRep().getCode()).isEqualTo(code);
    assertThat(site.getCodingFirstRep().getDisplay()).isEqualTo(display);
    assertThat(
            one(builder, FhirSamples.of(STUDY, sentence(0, text), image(1), PLACE, ATTRIBUTION))
                .getBodySite()
                .equalsDeep(site))
        .isTrue();
  }

  @Test
  void severalBodySitesAreNamedWithoutACodeAndNoneIsInvented() {
    CodeableConcept both = BodySites.in("Heart and lungs are normal.").orElseThrow();
    assertThat(both.getText()).isEqualTo("Lung structure, Heart structure");
    assertThat(both.hasCoding()).isFalse();
    assertThat(BodySites.in("No acute abnormality.")).isEmpty();
    assertThat(BodySites.in("A plunge; described as heartless.")).isEmpty();
  }

  @Test
  void theDeviceIsThisServiceWithItsModelAndNotADiagnosticOne() {
    Device device = all(bundle(), Device.class).get(0);
    assertThat(device.getDeviceNameFirstRep().getName()).isEqualTo("m2ib-pacs with model tiny");
    assertThat(device.getVersion().stream().map(v -> v.getValue())).containsExactly("1.0", "7");
    assertThat(device.getPropertyFirstRep().getValueCodeFirstRep().getText())
        .isEqualTo("c0".repeat(32));
    assertThat(device.getProperty())
        .as("what the card states, and no more")
        .extracting(
            p ->
                p.getType().getCodingFirstRep().getCode()
                    + " "
                    + p.getValueCodeFirstRep().getText())
        .containsExactly(
            "model-hash " + "c0".repeat(32),
            "model-licence MIT",
            "model-intended-use Tests alone.",
            "model-approval Test board, 2024-05-01");
    assertThat(device.getNoteFirstRep().getText())
        .contains("Not a diagnostic device")
        .contains("its maps mean nothing");
    assertThat(observation().getDevice().getReference())
        .isEqualTo(bundle().getEntryFirstRep().getFullUrl());
  }

  @Test
  void whatAModelAssertedIsLabelledSo() {
    Bundle bundle =
        builder.of(List.of(MadeResults.withInteractions(effusion())), Set.of(), List.of());
    for (var entry : bundle.getEntry()) {
      Resource resource = entry.getResource();
      boolean asserted =
          !List.of("Device", "Provenance").contains(resource.fhirType())
              && !entry.getFullUrl().equals(card(bundle).getFullUrl());
      assertThat(resource.getMeta().getSecurity().stream().map(Coding::getCode))
          .as(resource.fhirType())
          .isEqualTo(asserted ? List.of("AIAST") : List.of());
    }
  }

  private static Bundle.BundleEntryComponent card(Bundle bundle) {
    return bundle.getEntry().get(bundle.getEntry().size() - 1);
  }

  @Test
  void theDeviceIsOfArtificialIntelligenceAndRefersToTheModelsCard() throws Exception {
    Bundle bundle = bundle();
    Device device = all(bundle, Device.class).get(0);
    assertThat(device.getType().getCodingFirstRep().getCode()).isEqualTo("Artificial-Intelligence");
    Reference to = (Reference) device.getExtension().get(0).getValue();
    assertThat(to.getReference()).isEqualTo(card(bundle).getFullUrl());
    DocumentReference card = (DocumentReference) card(bundle).getResource();
    JsonNode json =
        new ObjectMapper().readTree(card.getContentFirstRep().getAttachment().getData());
    assertThat(json.get("hash").asText()).isEqualTo("c0".repeat(32));
    assertThat(json.get("intendedUse").asText()).isEqualTo("Tests alone.");
    assertThat(json.get("notice").asText()).contains("Not for diagnostic use.");
    assertThat(FhirBundle.resources(bundle))
        .as("the extension's reference, too")
        .filteredOn(resource -> resource.type().equals("Device"))
        .allMatch(resource -> resource.body().contains("\"DocumentReference/"));
  }

  @Test
  void anotherBaseMovesEveryAddressOfOurOwn() {
    FhirBundle.Settings s = FhirSamples.settings();
    FhirBundle moved =
        new FhirBundle(
            new FhirBundle.Settings(
                s.deviceName(),
                s.softwareVersion(),
                s.zone(),
                s.patientIdSystem(),
                s.accessionNumberSystem(),
                s.reportIdSystem(),
                new FhirNames("https://fhir.hospital.example/m2ib/"),
                false,
                s.dicomWebUrl()));
    String json =
        FhirBundle.json(
            moved.of(List.of(MadeResults.withInteractions(effusion())), Set.of(), List.of()));
    assertThat(json)
        .contains("https://fhir.hospital.example/m2ib/CodeSystem/attribution")
        .doesNotContain("localhost")
        .as("labels are off, too")
        .doesNotContain("AIAST");
  }

  @Test
  void provenanceLeadsFromObservationsAndCapturesToImageReportAndModel() {
    Bundle bundle = builder.of(List.of(effusion(), heart()), Set.of(), List.of());
    Provenance provenance = all(bundle, Provenance.class).get(0);
    assertThat(provenance.getTarget().stream().map(FhirBundleTest::target))
        .containsExactly(
            "Observation " + bundle.getEntry().get(1).getFullUrl(),
            "Observation " + bundle.getEntry().get(2).getFullUrl(),
            "Media urn:dicom:uid|urn:oid:" + effusion().key().captureSopInstanceUid(),
            "Media urn:dicom:uid|urn:oid:" + heart().key().captureSopInstanceUid());
    assertThat(provenance.getEntity().stream().map(e -> target(e.getWhat())))
        .containsExactly(
            "Media urn:dicom:uid|urn:oid:1.2.3.4.1.1",
            "DiagnosticReport http://localhost:8080/fhir/sha-256|" + "ab".repeat(32),
            "Device http://localhost:8080/fhir/sha-256|" + "c0".repeat(32));
    assertThat(provenance.getAgentFirstRep().getWho().getReference())
        .isEqualTo(bundle.getEntryFirstRep().getFullUrl());
    assertThat(provenance.getRecordedElement().getValueAsString())
        .isEqualTo("2024-05-02T10:00:00.250Z");
  }

  @Test
  void interactionsAreADocumentThatTheObservationPointsAt() throws Exception {
    SentenceResult result = MadeResults.withInteractions(effusion());
    Bundle bundle = builder.of(List.of(result, heart()), Set.of(), List.of());
    assertThat(bundle.getEntry().stream().map(e -> e.getResource().fhirType()))
        .containsExactly(
            "Device",
            "DocumentReference",
            "Observation",
            "Observation",
            "Provenance",
            "ImagingStudy",
            "DocumentReference");
    String url = bundle.getEntry().get(1).getFullUrl();
    List<Observation> observations = all(bundle, Observation.class);
    assertThat(observations.get(0).getDerivedFrom())
        .extracting(Reference::getType)
        .containsExactly("ImagingStudy", "DocumentReference");
    assertThat(observations.get(0).getDerivedFrom().get(1).getReference()).isEqualTo(url);
    assertThat(observations.get(1).getDerivedFrom()).hasSize(1);
    assertThat(
            all(bundle, Provenance.class).get(0).getTarget().stream().map(FhirBundleTest::target))
        .contains("DocumentReference " + url);

    DocumentReference document = all(bundle, DocumentReference.class).get(0);
    assertThat(document.getStatus().toCode()).isEqualTo("current");
    assertThat(document.getType().getCodingFirstRep().getCode()).isEqualTo("interactions");
    assertThat(identifier(document.getSubject())).isEqualTo("Patient urn:oid:1.2.840.99|PAT-9");
    assertThat(document.getContext().getRelated().stream().map(FhirBundleTest::identifier))
        .containsExactly("ImagingStudy urn:dicom:uid|urn:oid:1.2.3.4", "DiagnosticReport null|R-5");
    assertThat(document.getAuthorFirstRep().getReference())
        .isEqualTo(bundle.getEntryFirstRep().getFullUrl());
    assertThat(document.getDescription())
        .contains("Not for diagnostic use. Formula weights: its maps mean nothing.");
    assertThat(document.getText().getDivAsString()).contains("Not for diagnostic use.");

    Attachment attachment = document.getContentFirstRep().getAttachment();
    assertThat(attachment.getContentType()).isEqualTo("application/json");
    assertThat(attachment.getSize()).isEqualTo(attachment.getData().length);
    assertThat(attachment.getHash())
        .isEqualTo(MessageDigest.getInstance("SHA-1").digest(attachment.getData()));
    JsonNode json = new ObjectMapper().readTree(attachment.getData());
    assertThat(json.get("id").asText()).isEqualTo(effusion().key().id().toString());
    assertThat(json.get("notice").asText()).contains("Not for diagnostic use.");
    assertThat(json.get("layer").asInt()).isEqualTo(3);
    assertThat(json.get("wordsSimilarity").asDouble()).isEqualTo(-0.09375);
    assertThat(json.get("greatest").asDouble()).isEqualTo(0.125);
    assertThat(json.at("/words/0/text").asText()).isEqualTo("Small");
    assertThat(json.at("/words/0/map").toString()).isEqualTo("[[0.0625,-0.03125]]");
    assertThat(json.at("/words/1/sum").asDouble()).isEqualTo(-0.125);
  }

  @Test
  void interactionsAreInErrorTogetherWithTheirObservation() {
    SentenceResult result = MadeResults.withInteractions(effusion());
    Bundle before = builder.of(List.of(result), Set.of(), List.of());
    Bundle after = builder.of(List.of(), Set.of(), List.of(result));
    assertThat(after.getEntry().get(1).getRequest().getUrl())
        .as("replaces the first")
        .startsWith("DocumentReference?identifier=")
        .isEqualTo(before.getEntry().get(1).getRequest().getUrl());
    DocumentReference document = all(after, DocumentReference.class).get(0);
    assertThat(document.getStatus().toCode()).isEqualTo("entered-in-error");
    assertThat(document.getText().getDivAsString()).contains("Withdrawn");
    assertThat(FhirBundle.resources(after))
        .extracting(StoredResource::type, StoredResource::studyInstanceUid)
        .contains(tuple("DocumentReference", "1.2.3.4"));
  }

  @Test
  void everyObservationHasAProvenanceWithdrawnOnesToo() {
    Bundle bundle = builder.of(List.of(effusion()), Set.of(), List.of(heartLateral()));
    List<String> targets =
        all(bundle, Provenance.class).stream()
            .flatMap(p -> p.getTarget().stream())
            .map(FhirBundleTest::target)
            .toList();
    assertThat(bundle.getEntry())
        .filteredOn(entry -> entry.getResource() instanceof Observation)
        .hasSize(2)
        .allMatch(entry -> targets.contains("Observation " + entry.getFullUrl()));
  }

  @Test
  void theSeriesOfCapturesIsAnImagingStudyOfItsOwn() {
    Bundle bundle =
        builder.of(
            List.of(effusion(), heart()),
            Set.of(effusion().key().id(), heart().key().id()),
            List.of());
    ImagingStudy captures = all(bundle, ImagingStudy.class).get(0);
    assertThat(captures.getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.AVAILABLE);
    assertThat(captures.getIdentifier()).hasSize(1);
    assertThat(captures.getIdentifierFirstRep().getSystem()).isEqualTo("urn:ietf:rfc:3986");
    assertThat(captures.getDescription()).contains("Not for diagnostic use").contains("1.2.3.4");
    assertThat(captures.getSeriesFirstRep().getUid())
        .isEqualTo(effusion().key().captureSeriesInstanceUid());
    assertThat(captures.getSeriesFirstRep().getInstance().stream().map(i -> i.getUid()))
        .containsExactly(
            effusion().key().captureSopInstanceUid(), heart().key().captureSopInstanceUid());
    assertThat(captures.hasEndpoint()).isFalse();
  }

  @Test
  void theSeriesIsOnlyRegisteredWhileCapturesAreMissingAndInErrorWhenAllAreWithdrawn() {
    assertThat(
            all(
                    builder.of(List.of(effusion(), heart()), Set.of(heart().key().id()), List.of()),
                    ImagingStudy.class)
                .get(0)
                .getStatus())
        .isEqualTo(ImagingStudy.ImagingStudyStatus.REGISTERED);
    List<ImagingStudy> partly =
        all(builder.of(List.of(effusion()), Set.of(), List.of(heart())), ImagingStudy.class);
    assertThat(partly).hasSize(1);
    assertThat(partly.get(0).getSeriesFirstRep().getInstance()).hasSize(1);
    assertThat(
            all(builder.of(List.of(), Set.of(), List.of(effusion())), ImagingStudy.class)
                .get(0)
                .getStatus())
        .isEqualTo(ImagingStudy.ImagingStudyStatus.ENTEREDINERROR);
  }

  @Test
  void aConfiguredDicomWebServerIsTheSeriesEndpoint() {
    FhirBundle configured =
        new FhirBundle(FhirSamples.settings("urn:a", "urn:b", "urn:c", "http://pacs.example/wado"));
    ImagingStudy captures =
        all(configured.of(List.of(effusion()), Set.of(), List.of()), ImagingStudy.class).get(0);
    Endpoint endpoint = (Endpoint) captures.getContained().get(0);
    assertThat(captures.getEndpointFirstRep().getReference()).isEqualTo("#" + endpoint.getIdPart());
    assertThat(endpoint.getAddress()).isEqualTo("http://pacs.example/wado");
    assertThat(endpoint.getConnectionType().getCode()).isEqualTo("dicom-wado-rs");
  }

  @Test
  void noResultsGiveAnEmptyBundle() {
    Bundle empty = builder.of(List.of(), Set.of(), List.of());
    assertThat(empty.getEntry()).isEmpty();
    assertThat(FhirBundle.resources(empty)).isEmpty();
  }

  @Test
  void singleResourcesHaveTheirUuidAsIdAndReferToEachOtherByTypeAndId() {
    List<StoredResource> resources = FhirBundle.resources(bundle());
    String device = resources.get(0).id();
    StoredResource observation = resources.get(1);
    assertThat(observation.id()).isEqualTo(effusion().key().id().toString());
    assertThat(observation.body())
        .contains("\"id\":\"" + observation.id() + "\"")
        .contains("\"reference\":\"Device/" + device + "\"")
        .contains("\"reference\":\"#image\"");
    assertThat(resources.stream().map(StoredResource::body))
        .noneMatch(body -> body.contains("\"reference\":\"urn:uuid:"));
  }

  @Test
  void singleResourcesNameTheirStudyButThoseOfTheModelWhichServeMany() {
    assertThat(
            FhirBundle.resources(bundle()).stream().map(r -> r.type() + " " + r.studyInstanceUid()))
        .containsExactly(
            "Device null",
            "Observation 1.2.3.4",
            "Provenance 1.2.3.4",
            "ImagingStudy 1.2.3.4",
            "DocumentReference null");
  }

  @Test
  void takingSingleResourcesLeavesTheBundleAsItWas() {
    Bundle bundle = bundle();
    String before = FhirBundle.json(bundle);
    FhirBundle.resources(bundle);
    assertThat(FhirBundle.json(bundle)).isEqualTo(before);
  }

  private Bundle bundle() {
    return builder.of(List.of(effusion()), Set.of(), List.of());
  }

  private Observation observation() {
    return one(builder, effusion());
  }

  private static Observation one(FhirBundle builder, SentenceResult result) {
    return all(builder.of(List.of(result), Set.<UUID>of(), List.of()), Observation.class).get(0);
  }

  private static <T extends Resource> List<T> all(Bundle bundle, Class<T> type) {
    return bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static String identifier(Reference reference) {
    return "%s %s|%s"
        .formatted(
            reference.getType(),
            reference.getIdentifier().getSystem(),
            reference.getIdentifier().getValue());
  }

  private static String target(Reference reference) {
    return reference.hasReference()
        ? reference.getType() + " " + reference.getReference()
        : identifier(reference);
  }

  private static List<String> components(Observation o) {
    return o.getComponent().stream()
        .filter(Observation.ObservationComponentComponent::hasValue)
        .map(
            c -> {
              String code = c.getCode().getCodingFirstRep().getCode();
              boolean several = code.equals("token-score") || code.equals("method-agreement");
              String name = several ? c.getCode().getText() : code;
              return name + "=" + value(c);
            })
        .toList();
  }

  private static String value(Observation.ObservationComponentComponent c) {
    if (c.getValue() instanceof Quantity q) {
      BigDecimal value = q.getValue();
      assertThat(q.getSystem()).isEqualTo("http://unitsofmeasure.org");
      return value.toPlainString() + " " + q.getCode();
    }
    return c.getValue() instanceof CodeableConcept concept
        ? concept.getCodingFirstRep().getCode()
        : c.getValue().primitiveValue();
  }
}
