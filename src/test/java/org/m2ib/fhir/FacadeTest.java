package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.ValidationResult;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.SearchParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirNames;

/** Reading and searching, over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.Fhir.class)
class FacadeTest {
  private static final FhirContext FHIR = FhirContext.forR4Cached();

  @TestHTTPResource("/fhir/")
  URI base;

  @Inject ResourceStore store;

  private Http http() {
    return new Http(base);
  }

  private static <T extends Resource> T parse(Class<T> type, HttpResponse<String> answer) {
    return FHIR.newJsonParser().parseResource(type, answer.body());
  }

  private Bundle search(String path) throws Exception {
    HttpResponse<String> answer = http().get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return parse(Bundle.class, answer);
  }

  private static List<String> ids(Bundle bundle) {
    return bundle.getEntry().stream().map(e -> e.getResource().getIdPart()).toList();
  }

  private void observation(String id, String study, String elements) {
    store.put(
        new StoredResource(
            "Observation",
            id,
            study,
            "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\"%s}"
                .formatted(id, elements)));
  }

  @Test
  void aStoredResourceThatCannotBeReadBreaksNoSearch() throws Exception {
    String study = "1.2.99.20";
    observation(
        "odd-1",
        study,
        ",\"text\":{\"status\":\"generated\",\"div\":\"<div"
            + " xmlns='http://www.w3.org/1999/xhtml'>a\\u000bb</div>\"},"
            + "\"valueString\":\"Heart\\u000b\\u0000\\ud800 large\"");
    observation("odd-2", study, ",\"noSuchElement\":true");
    observation("odd-3", study, "");
    Bundle found = search("Observation?study=" + study);
    assertThat(found.getEntry()).hasSize(3);
    assertThat(found.getEntry().get(0).getResource().getIdPart()).isEqualTo("odd-1");
    assertThat(found.getEntry().get(1).getSearch().getMode())
        .isEqualTo(Bundle.SearchEntryMode.OUTCOME);
    assertThat(found.getEntry().get(1).getResource()).isInstanceOf(OperationOutcome.class);
    assertThat(found.getEntry().get(2).getResource().getIdPart()).isEqualTo("odd-3");
    assertThat(http().get("Observation/odd-1").body()).contains("Heart large");
    assertThat(http().get("Observation?study=" + study, "Accept", "application/fhir+xml"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    assertThat(http().get("Observation/odd-2").statusCode()).isEqualTo(500);
  }

  /** After a change, copy the file from target/fhir to the guide. */
  @Test
  void theGuideHasTheStatementOfThisServer() throws Exception {
    CapabilityStatement statement = parse(CapabilityStatement.class, http().get("metadata"));
    statement.setId("m2ib");
    statement.setUrl(FhirNames.DEFAULT_BASE + "/CapabilityStatement/m2ib").setVersion("1.0.0");
    statement.setKind(CapabilityStatement.CapabilityStatementKind.CAPABILITY);
    statement.setInstantiates(List.of()).setImplementation(null);
    statement.setName("M2ibPacs").setTitle("The service's own /fhir");
    statement.setDescription("What can be read, searched and created at the service's own /fhir.");
    statement.setDateElement(new DateTimeType("2026-11-29")); // it has the time of the start
    statement.getSoftware().setVersion(null);
    String json =
        FhirContext.forR4Cached()
                .newJsonParser()
                .setPrettyPrint(true)
                .encodeResourceToString(statement)
            + "\n";
    String name = "CapabilityStatement-m2ib.json";
    java.nio.file.Path made = java.nio.file.Path.of("target/fhir", name);
    java.nio.file.Files.createDirectories(made.getParent());
    java.nio.file.Files.writeString(made, json);
    assertThat(java.nio.file.Path.of("docs/fhir/input/resources", name))
        .hasSameTextualContentAs(made);
  }

  @Test
  void headAnswersAsGetWithoutABody() throws Exception {
    observation("head-1", "1.2.99.21", "");
    for (String path : List.of("Observation?study=1.2.99.21", "Observation/head-1", "metadata")) {
      HttpResponse<String> answer = http().method("HEAD", path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(http().method("HEAD", "Observation?nosuch=1").statusCode()).isEqualTo(400);
  }

  @Test
  void everyVersionCanBeReadAndTheNewestIsNotSentTwice() throws Exception {
    observation("versions", "1.2.30", ",\"code\":{\"text\":\"t\"},\"valueInteger\":1");
    observation("versions", "1.2.30", ",\"code\":{\"text\":\"t\"},\"valueInteger\":2");
    observation("versions", "1.2.30", ",\"code\":{\"text\":\"t\"},\"valueInteger\":2");
    HttpResponse<String> read = http().get("Observation/versions");
    assertThat(read.headers().firstValue("ETag")).contains("W/\"2\"");
    assertThat(read.headers().firstValue("Last-Modified")).isPresent();
    assertThat(parse(Observation.class, read).getMeta().getVersionId()).isEqualTo("2");
    for (String etag : List.of("W/\"2\"", "\"2\"")) {
      HttpResponse<String> again = http().get("Observation/versions", "If-None-Match", etag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
    }
    assertThat(http().get("Observation/versions", "If-None-Match", "W/\"1\"").statusCode())
        .isEqualTo(200);
    String modified = read.headers().firstValue("Last-Modified").orElseThrow();
    HttpResponse<String> since = http().get("Observation/versions", "If-Modified-Since", modified);
    assertThat(since.statusCode()).isEqualTo(304);
    String earlier = "Mon, 01 Jan 2001 00:00:00 GMT";
    assertThat(http().get("Observation/versions", "If-Modified-Since", earlier).statusCode())
        .isEqualTo(200);
    HttpResponse<String> past = http().get("Observation/versions/_history/1");
    assertThat(past.headers().firstValue("ETag")).contains("W/\"1\"");
    assertThat(parse(Observation.class, past).getValueIntegerType().getValue()).isEqualTo(1);
    assertThat(http().get("Observation/versions/_history/3").statusCode()).isEqualTo(404);
    Bundle history = search("Observation/versions/_history?_count=1");
    assertThat(history.getType()).isEqualTo(Bundle.BundleType.HISTORY);
    assertThat(history.getTotal()).isEqualTo(2);
    assertThat(history.getEntryFirstRep().getResponse().getEtag()).isEqualTo("W/\"2\"");
    assertThat(history.getEntryFirstRep().getRequest().getUrl()).isEqualTo("Observation/versions");
    HttpResponse<String> next = http().get(history.getLink("next").getUrl());
    assertThat(parse(Bundle.class, next).getEntry())
        .singleElement()
        .satisfies(e -> assertThat(e.getResource().getMeta().getVersionId()).isEqualTo("1"));
    assertThat(parse(Bundle.class, next).getLink("next")).isNull();
    assertValid(next.body());
  }

  private List<String> followed(String path) throws Exception {
    List<String> seen = new ArrayList<>();
    for (String next = path; next != null; ) {
      Bundle page = search(next);
      page.getEntry()
          .forEach(e -> seen.add(e.getResource().fhirType() + "/" + e.getResource().getIdPart()));
      next = page.getLink("next") == null ? null : page.getLink("next").getUrl();
    }
    return seen;
  }

  @Test
  void aSearchIsSortedInBothDirectionsOverPages() throws Exception {
    String[] dates = {"2026-02-01", "2026-01-01", "2026-03-01"};
    for (int i = 0; i < dates.length; i++) {
      observation(
          "sort" + i,
          "1.2.999",
          ",\"code\":{\"text\":\"t\"},\"effectiveDateTime\":\"" + dates[i] + "\"");
    }
    String query = "Observation?study=1.2.999&_count=1&_sort=";
    assertThat(followed(query + "date"))
        .containsExactly("Observation/sort1", "Observation/sort0", "Observation/sort2");
    assertThat(followed(query + "-date"))
        .containsExactly("Observation/sort2", "Observation/sort0", "Observation/sort1");
    assertThat(followed(query + "-_id"))
        .containsExactly("Observation/sort2", "Observation/sort1", "Observation/sort0");
    assertThat(followed(query + "code,-_lastUpdated")).hasSize(3);
  }

  @Test
  void theNewestVersionsOfATypeAndOfAllAreRead() throws Exception {
    String since = java.time.Instant.now().toString();
    observation("h1", "1.2.32", ",\"code\":{\"text\":\"t\"}");
    observation("h2", "1.2.32", ",\"code\":{\"text\":\"t\"}");
    observation("h1", "1.2.32", ",\"code\":{\"text\":\"u\"}");
    store.put(
        new StoredResource("Device", "h", null, "{\"resourceType\":\"Device\",\"id\":\"h\"}"));
    assertThat(followed("Observation/_history?_count=2&_since=" + since))
        .containsExactly("Observation/h1", "Observation/h2", "Observation/h1");
    assertThat(followed("_history?_count=1&_since=" + since)).hasSize(4).startsWith("Device/h");
    HttpResponse<String> answer = http().get("_history?_since=" + since);
    assertThat(parse(Bundle.class, answer).getEntryFirstRep().getFullUrl()).endsWith("/Device/h");
    assertThat(http().get("_history", "Accept", "application/fhir+xml").body())
        .startsWith("<Bundle");
    assertThat(search("Observation/_history?_since=2099-01-01T00:00:00Z").getTotal()).isZero();
  }

  @Test
  void everythingOfAStudyIsReadInPages() throws Exception {
    FhirBundle builder = new FhirBundle(FhirBundle.Settings.of("1", ZoneId.systemDefault()));
    Bundle made = builder.of(List.of(FhirSamples.effusion()), Set.of(), List.of());
    FhirBundle.resources(made).forEach(store::put);
    String id = ids(search("ImagingStudy?study=1.2.3.4")).get(0);
    String path = "ImagingStudy/" + id + "/$everything";
    List<String> all = followed(path + "?_count=2");
    assertThat(all).doesNotHaveDuplicates().contains("ImagingStudy/" + id);
    Bundle cards = search("DocumentReference?type=model-card");
    assertThat(all).contains("DocumentReference/" + ids(cards).get(0));
    assertThat(followed(path + "?_type=DocumentReference"))
        .contains("DocumentReference/" + ids(cards).get(0));
    assertThat(all.stream().map(r -> r.split("/")[0]).distinct())
        .contains("Device", "Observation", "Provenance");
    assertThat(followed(path + "?_type=Observation,Device&_count=1"))
        .allMatch(r -> r.matches("(Observation|Device)/.*"));
    assertThat(http().get(path, "Accept", "application/fhir+xml").body()).startsWith("<Bundle");
  }

  @Test
  void theNextLinksLeadThroughThreePagesThatGiveEachResourceOnce() throws Exception {
    for (int i = 1; i <= 7; i++) {
      observation(
          "page" + i, "1.2.7", ",\"code\":{\"coding\":[{\"system\":\"urn:x|y\",\"code\":\"p\"}]}");
    }
    List<String> seen = new ArrayList<>();
    int pages = 0;
    String next = "Observation?study=1.2.7&code=urn:x%5C%7Cy%7Cp&_count=3";
    while (next != null) {
      Bundle page = search(next);
      assertThat(page.getTotal()).isEqualTo(7);
      assertThat(page.getType()).isEqualTo(Bundle.BundleType.SEARCHSET);
      assertThat(search(page.getLink("self").getUrl()).getEntry()).hasSameSizeAs(page.getEntry());
      seen.addAll(ids(page));
      next = page.getLink("next") == null ? null : page.getLink("next").getUrl();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen).containsExactly("page1", "page2", "page3", "page4", "page5", "page6", "page7");
    assertThat(search("Observation?study=1.2.7&_count=0").getEntry()).isEmpty();
  }

  @Test
  void aCasesResultsAreFoundByPatientStudyCodeAndDate() throws Exception {
    FhirBundle builder = new FhirBundle(FhirBundle.Settings.of("1", ZoneId.systemDefault()));
    Bundle made =
        builder.of(
            List.of(MadeResults.withInteractions(FhirSamples.effusion())), Set.of(), List.of());
    List<StoredResource> all = FhirBundle.resources(made);
    all.forEach(store::put);
    String patient = "urn:oid:1.2.840.99%7CPAT-9";
    String code = "http://localhost:8080/fhir/CodeSystem/attribution%7Cattribution";
    List<String> searches =
        List.of(
            "Observation?patient:identifier=" + patient,
            "Observation?patient.identifier=" + patient,
            "Observation?subject:identifier=" + patient + "&study=1.2.3.4",
            "Observation?code=" + code + "&date=2024-05-01",
            "Observation?date=ge2024-05-01&date=lt2024-05-02&study=urn:oid:1.2.3.4",
            "Observation?study=urn:dicom:uid%7Curn:oid:1.2.3.4",
            "Observation?derived-from:identifier=urn:dicom:uid%7Curn:oid:1.2.3.4",
            "Observation?derived-from=DocumentReference/" + id(all, "DocumentReference"),
            "DocumentReference?patient:identifier=" + patient + "&study=1.2.3.4&date=2024-05-02",
            "DocumentReference?type=http://localhost:8080/fhir/CodeSystem/attribution%7Cinteractions",
            "DocumentReference?identifier=urn:ietf:rfc:3986%7Curn:uuid:"
                + id(all, "DocumentReference"),
            "Observation?device=Device/" + id(all, "Device") + "&study=1.2.3.4",
            "Observation?device=" + id(all, "Device") + "&study=1.2.3.4",
            "Observation?device:Device=" + id(all, "Device") + "&study=1.2.3.4",
            "Observation?device:Device=Device/" + id(all, "Device") + "&study=1.2.3.4",
            "Observation?derived-from=" + id(all, "DocumentReference"),
            "Observation?derived-from:DocumentReference=" + id(all, "DocumentReference"),
            "Observation?device.identifier=urn:uuid:" + id(all, "Device"),
            "Observation?derived-from:DocumentReference.identifier=urn:uuid:"
                + id(all, "DocumentReference"),
            "Observation?derived-from.identifier=urn:dicom:uid%7Curn:oid:1.2.3.4",
            "DocumentReference?author:Device.identifier=urn:uuid:" + id(all, "Device"),
            "Provenance?target:Observation.code=" + code,
            "Provenance?target.patient.identifier=" + patient,
            "Provenance?agent.identifier=urn:uuid:" + id(all, "Device"),
            "ImagingStudy?patient:identifier=" + patient,
            "ImagingStudy?study=1.2.3.4&started=2024-05-01",
            "Provenance?patient:identifier=" + patient,
            "Provenance?study=1.2.3.4&recorded=2024",
            "Provenance?target=Observation/" + FhirSamples.effusion().key().id(),
            "Provenance?target=" + base + "Observation/" + FhirSamples.effusion().key().id(),
            "Device?identifier=urn:ietf:rfc:3986%7Curn:uuid:" + id(all, "Device"));
    for (String path : searches) {
      String type = path.substring(0, path.indexOf('?'));
      assertThat(ids(search(path))).as(path).containsExactly(id(all, type));
    }
    Bundle together =
        search(
            "Observation?study=1.2.3.4&code="
                + code
                + "&_include=Observation:device:Device&_include=Observation:derived-from"
                + "&_revinclude=Provenance:target");
    assertThat(together.getTotal()).isEqualTo(1);
    assertThat(together.getEntry().stream().map(e -> e.getResource().fhirType()))
        .containsExactly("Observation", "Device", "DocumentReference", "Provenance");
    assertThat(together.getEntry().stream().map(e -> e.getSearch().getMode().toCode()))
        .containsExactly("match", "include", "include", "include");
    assertThat(together.getEntry().get(1).getFullUrl()).startsWith(base + "Device/");
    for (StoredResource resource : all) {
      HttpResponse<String> read = http().get(resource.type() + "/" + resource.id());
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(read.body()).contains("\"id\":\"" + resource.id() + "\"");
    }
    for (String other :
        List.of(
            "Observation?patient:identifier=urn:oid:1.2.840.98%7CPAT-9",
            "Observation?patient:identifier=" + patient + "&date=gt2024-05-02",
            "Provenance?patient:identifier=PAT-8")) {
      assertThat(ids(search(other))).as(other).isEmpty();
    }
  }

  private static String id(List<StoredResource> all, String type) {
    return all.stream().filter(r -> r.type().equals(type)).findFirst().orElseThrow().id();
  }

  @Test
  void whatIsLeftOutOfAnAnswerIsTagged() throws Exception {
    String study = "1.2.31";
    for (String id : List.of("part-1", "part-2")) {
      observation(
          id,
          study,
          ",\"code\":{\"text\":\"t\"},\"valueString\":\"v\",\"note\":[{\"text\":\"n\"}],"
              + "\"text\":{\"status\":\"generated\",\"div\":\"<div"
              + " xmlns='http://www.w3.org/1999/xhtml'>d</div>\"}");
    }
    String all = "Observation?study=" + study;
    for (String part :
        List.of("_summary=true", "_summary=text", "_summary=data", "_elements=value")) {
      Bundle found = search(all + "&_count=1&" + part);
      assertThat(found.getTotal()).as(part).isEqualTo(2);
      Observation observation = (Observation) found.getEntryFirstRep().getResource();
      assertThat(observation.getMeta().getTag())
          .as(part)
          .anyMatch(t -> "SUBSETTED".equals(t.getCode()));
      assertThat(observation.getIdPart()).isEqualTo("part-1");
      assertThat(observation.hasText()).as(part).isEqualTo(part.equals("_summary=text"));
      assertThat(observation.hasNote()).as(part).isEqualTo(part.equals("_summary=data"));
      assertThat(observation.hasValue()).as(part).isEqualTo(!part.equals("_summary=text"));
      assertThat(observation.hasStatus() && observation.hasCode()).as(part).isTrue();
      if (!part.equals("_summary=true")) {
        assertThat(found.getLink("next").getUrl()).contains(part);
      }
    }
    Bundle whole = search(all + "&_summary=false&_total=none");
    assertThat(whole.hasTotal()).isFalse();
    assertThat(whole.getEntryFirstRep().getResource().getMeta().hasTag()).isFalse();
    Bundle counted = search(all + "&_summary=count");
    assertThat(counted.getTotal()).isEqualTo(2);
    assertThat(counted.getEntry()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Observation?study=1.2.99.32&_summary=count",
        "Observation?study=1.2.99.32&_count=0",
        "StructureDefinition?_summary=count",
        "ValueSet?_count=0",
        "Observation/_history?_count=0",
        "_history?_count=0"
      })
  void anAnswerThatOnlyCountsLinksToItself(String path) throws Exception {
    observation("count-1", "1.2.99.32", "");
    Bundle counted = search(path);
    assertThat(counted.getTotal()).isPositive();
    assertThat(counted.getEntry()).isEmpty();
    assertThat(counted.getLink("self").getUrl())
        .contains(path.substring(0, path.indexOf('?')), path.substring(path.lastIndexOf('_')));
  }

  @Test
  void aPageWithoutTotalHasNone() throws Exception {
    observation("total-1", "1.2.99.31", "");
    observation("total-2", "1.2.99.31", "");
    for (String path :
        List.of("Observation?study=1.2.99.31&_count=1", "StructureDefinition?_count=1")) {
      assertThat(search(path + "&_total=none").hasTotal()).as(path).isFalse();
      assertThat(search(path).getTotal()).as(path).isGreaterThan(1);
    }
  }

  @Test
  void linksKeepTheFormatThatTheUrlAskedFor() throws Exception {
    observation("format-1", "1.2.99.32", "");
    observation("format-2", "1.2.99.32", "");
    for (String path :
        List.of(
            "Observation?study=1.2.99.32&_count=1",
            "Observation/_history?_count=1",
            "StructureDefinition?_count=1")) {
      String page = http().get(path + "&_format=xml", "Accept", "*/*").body();
      Bundle bundle = FHIR.newXmlParser().parseResource(Bundle.class, page);
      String next = bundle.getLink("next").getUrl();
      assertThat(http().get(next, "Accept", "*/*").body()).as(next).startsWith("<Bundle");
      assertThat(search(path).getLink("next").getUrl()).doesNotContain("_format");
    }
  }

  @Test
  void aSearchBodyThatIsNoFormIsRefused() throws Exception {
    HttpResponse<String> answer =
        http().post("Observation/_search", Http.JSON, "{\"study\":\"1.2.3\"}");
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(parse(OperationOutcome.class, answer).getIssueFirstRep().getDiagnostics())
        .contains("application/x-www-form-urlencoded");
  }

  @Test
  void conditionalReadsFollowHttp() throws Exception {
    observation("conditional", "1.2.99.33", "");
    for (String tags : List.of("*", "W/\"7\", W/\"1\"", "\"1\"")) {
      HttpResponse<String> answer = http().get("Observation/conditional", "If-None-Match", tags);
      assertThat(answer.statusCode()).as(tags).isEqualTo(304);
      assertThat(answer.headers().firstValue("ETag")).contains("W/\"1\"");
    }
    assertThat(http().get("Observation/conditional", "If-Modified-Since", "soon").statusCode())
        .isEqualTo(200);
  }

  @Test
  void aSearchMayComeAsAFormAndAnAnswerAsXml() throws Exception {
    observation("form", "1.2.8", ",\"code\":{\"coding\":[{\"code\":\"Größe+\"}]}");
    HttpResponse<String> answer =
        http()
            .post(
                "Observation/_search",
                "application/x-www-form-urlencoded",
                "study=1.2.8&code=Gr%C3%B6%C3%9Fe%2B",
                "Accept",
                "application/fhir+xml");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/fhir+xml");
    assertThat(answer.body()).contains("<total value=\"1\"/>").contains("Größe+");
    StringBuilder studies = new StringBuilder("study=1.2.8");
    for (int i = 0; i < 99; i++) {
      studies.append(',').append("1.2.840.10008.".repeat(4)).append(i);
    }
    HttpResponse<String> many =
        http().post("Observation/_search", "application/x-www-form-urlencoded", studies.toString());
    assertThat(parse(Bundle.class, many).getTotal()).as(many.body()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Observation?foo=SECRET",
        "Observation?_sort=SECRET",
        "Observation?_sort=date,-date",
        "Observation?_after=SECRET&_sort=date",
        "Observation/_history?_at=SECRET",
        "_history?_since=SECRET",
        "Observation?date=SECRET",
        "Observation?code:in=SECRET",
        "Observation?_getpages=SECRET",
        "Observation?_query=SECRET",
        "Observation/a?foo=SECRET",
        "Observation/a?_summary=true",
        "Observation?_include=SECRET",
        "Observation?_elements=SECRET",
        "Observation?_summary=SECRET",
        "Observation?_has:Provenance:target:agent=SECRET",
        "Observation?_include:iterate=SECRET",
        "Observation?_revinclude:iterate=SECRET",
        "Observation?code:not=SECRET",
        "Observation?code:text=SECRET",
        "Observation?subject:missing=SECRET",
        "Observation?_text=SECRET",
        "Observation?_content=SECRET",
        "Observation?_list=SECRET",
        "Observation?_filter=SECRET",
        "Observation?_contained=SECRET"
      })
  void anUnknownParameterIsRefusedByItsName(String path) throws Exception {
    HttpResponse<String> answer = http().get(path);
    assertThat(answer.statusCode()).isEqualTo(400);
    String name = path.substring(path.indexOf('?') + 1, path.indexOf('='));
    assertThat(parse(OperationOutcome.class, answer).getIssueFirstRep().getDiagnostics())
        .contains(name)
        .doesNotContain("SECRET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET Observation/none 404",
        "GET Patient/1 404",
        "GET Observation/none/_history 404",
        "GET Observation/none/_history/1 404",
        "GET Observation/none/_history/x 404",
        "GET Observation/none/_history?_since=2026 400",
        "GET Observation/none/_history?_after=x 400",
        "GET Patient/_history 404",
        "GET ImagingStudy/none/$everything 404",
        "GET ImagingStudy/none/$everything?_type=Patient 400",
        "GET Observation/none/$everything 400",
        "GET Patient/1/Observation 404",
        "GET Observation/$lastn 400",
        "DELETE Observation/a 405",
        "PUT Observation/a 405",
        "PATCH Observation/a 405",
        "POST Observation 405",
        "POST Patient 404",
        "FOO Observation/a 405",
        "DELETE metadata 405",
        "PUT Subscription/none 404",
        "POST Subscription 400",
        "DELETE Subscription/none 404",
        "PATCH Subscription/none 405",
        "PUT Observation?_id=a 405",
        "DELETE Observation?_id=a 405",
        "PATCH Observation?_id=a 405",
        "PUT Subscription?criteria=a 405",
        "DELETE Subscription?criteria=a 405",
        "PUT CodeSystem/verdict 405",
        "POST CodeSystem 405",
        "PUT export/x 404",
        "GET Obs%20ervation 400",
        "GET swagger-ui/ 404"
      })
  void whatIsNotSupportedIsAnsweredAsAnOutcome(String request) throws Exception {
    String[] parts = request.split(" ");
    HttpResponse<String> answer = http().method(parts[0], parts[1]);
    assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(parts[2]));
    OperationOutcome outcome = parse(OperationOutcome.class, answer);
    assertThat(outcome.getIssue()).hasSize(1);
    assertThat(answer.body()).doesNotContain("\\tat ", "Exception");
    assertThat(answer.headers().map()).doesNotContainKey("x-powered-by");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PUT Observation/a; GET, HEAD",
        "DELETE metadata; GET, HEAD",
        "POST Observation; GET, HEAD",
        "POST Observation/a; GET, HEAD",
        "POST DiagnosticReport/a; GET, HEAD",
        "POST CodeSystem/verdict; GET, HEAD",
        "PATCH DiagnosticReport; GET, HEAD, POST",
        "DELETE Observation/_search; GET, HEAD, POST",
        "PUT ImagingStudy/a/$everything; GET, HEAD, POST",
        "PUT ; GET, HEAD, POST",
        "POST Subscription/a; GET, HEAD, PUT, DELETE",
        "DELETE Subscription/$status; GET, HEAD, POST"
      })
  void aMethodThatAPathLacksIsRefusedWithThoseItHas(String request, String allowed)
      throws Exception {
    String[] parts = request.split(" ", 2);
    String path = parts.length == 1 ? "" : parts[1];
    HttpResponse<String> refused = http().method(parts[0], path);
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.body()).contains("OperationOutcome");
    assertThat(refused.headers().firstValue("Allow")).contains(allowed);
    assertThat(refused.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void aFormatThatIsNotServedIsRefusedInJsonWhateverIsAsked() throws Exception {
    for (String path :
        List.of("metadata", "Observation", "Observation/none", "Patient", "_history")) {
      HttpResponse<String> answer = http().get(path + "?_format=ttl");
      assertThat(answer.statusCode()).as(path).isEqualTo(406);
      assertThat(parse(OperationOutcome.class, answer).getIssueFirstRep().getDiagnostics())
          .isEqualTo("_format: must be json or xml");
    }
    assertThat(http().get("Observation?_count=0&_pretty=maybe").statusCode()).isEqualTo(400);
    HttpResponse<String> form =
        http().post("DiagnosticReport", "application/x-www-form-urlencoded", "status=final");
    assertThat(form.statusCode()).isEqualTo(415);
    assertThat(http().get("Patient").body())
        .contains("Unknown resource type")
        .doesNotContain("HAPI");
  }

  @Test
  void anAnswerNamesNoAddressOfAHistoryWhereNothingIs() throws Exception {
    for (String path : List.of("_history", "Observation/_history")) {
      HttpResponse<String> history = http().get(path);
      assertThat(history.statusCode()).isEqualTo(200);
      assertThat(history.headers().firstValue("Content-Location")).as(path).isEmpty();
    }
  }

  @Test
  void answersAreJsonOrXmlOnly() throws Exception {
    for (String accept : List.of("text/csv", "application/fhir+ndjson", "image/*")) {
      HttpResponse<String> answer = http().get("Observation", "Accept", accept);
      assertThat(answer.statusCode()).as(accept).isEqualTo(406);
      assertThat(answer.body()).contains("OperationOutcome");
    }
    for (String accept :
        List.of(
            "*/*", "application/*", "text/html,*/*;q=0.8", "text/csv, application/json;q=0.1")) {
      assertThat(http().get("Observation?_count=0", "Accept", accept).statusCode())
          .as(accept)
          .isEqualTo(200);
    }
    HttpResponse<String> xml = http().get("Observation/none", "Accept", "application/fhir+xml");
    assertThat(xml.body()).startsWith("<OperationOutcome");
    HttpResponse<String> text = http().post("DiagnosticReport", "text/plain", "x");
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.body()).contains("OperationOutcome");
    assertThat(http().get("Observation", "Accept", "text/turtle").statusCode()).isEqualTo(406);
    assertThat(http().get("Observation?_format=ttl").statusCode()).isEqualTo(406);
    for (String format : List.of("json", "xml", "application/json", "text/xml")) {
      HttpResponse<String> answer =
          http().get("Observation?_count=0&_pretty=true&_format=" + format, "Accept", "*/*");
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .contains(format.contains("xml") ? "fhir+xml" : "fhir+json")
          .containsIgnoringCase("charset=utf-8");
      assertThat(answer.body()).contains("\n");
    }
    String of = "application/fhir+json; fhirVersion=";
    assertThat(http().get("Observation?_count=0", "Accept", of + "4.0").statusCode())
        .isEqualTo(200);
    assertThat(http().get("Observation?_count=0", "Accept", of + "5.0").statusCode())
        .isEqualTo(406);
    assertThat(http().post("DiagnosticReport", of + "\"5.0\"", "{}").statusCode()).isEqualTo(415);
    assertThat(
            http()
                .get("metadata", "Accept-Charset", "iso-8859-1")
                .headers()
                .firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).containsIgnoringCase("utf-8"));
    assertThat(http().get("Observation?_format=application/fhir%2Bxml").body())
        .startsWith("<Bundle");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /fhir/Observation",
        "GET /fhir",
        "POST /fhir",
        "POST /fhir/DiagnosticReport",
        "GET //fhir/Observation",
        "GET /fhir//Observation",
        "GET /fhir;x/Observation",
        "GET /fhir/metadata/Observation",
        "GET /fhir/metadata/../Observation",
        "GET /fhir/metadata/%2e%2e/Observation",
        "GET /fhir/metadata%2f..%2fObservation",
        "GET /fhir/metadata;x/../Observation",
        "GET /fhir/metadata/..;/Observation",
        "GET /fhir/metadata\\..\\Observation",
        "GET /fhir/./metadata/.././Observation",
        "GET /fhir/Observation/../metadata",
        "GET /fhir/Observation/_search/../../metadata",
        "GET /fhir/Observation/%2e%2e/metadata",
        "GET /fhir/%6detadata",
        "GET /fhir/metadata;/Observation",
        "POST /fhir/DiagnosticReport/../metadata",
        "POST /fhir/metadata"
      })
  void nothingButTheCapabilityStatementIsServedWithoutAPassword(String request) throws Exception {
    String[] parts = request.split(" ");
    assertThat(http().rawStatus(parts[0], parts[1])).isIn(400, 401, 405);
  }

  @Test
  void theCapabilityStatementIsOpenAndSaysExactlyWhatIsSupported() throws Exception {
    assertThat(http().rawStatus("GET", "/fhir/metadata")).isEqualTo(200);
    HttpResponse<String> answer = http().get("metadata");
    CapabilityStatement statement = parse(CapabilityStatement.class, answer);
    CapabilityStatementRestComponent rest = statement.getRestFirstRep();
    Set<String> said = new TreeSet<>();
    rest.getResource().stream()
        .filter(resource -> !Definitions.isDefinition(resource.getType()))
        .forEach(
            resource -> {
              resource
                  .getInteraction()
                  .forEach(i -> said.add(resource.getType() + " " + i.getCode().toCode()));
              resource
                  .getSearchParam()
                  .forEach(p -> said.add(resource.getType() + "?" + p.getName()));
            });
    rest.getInteraction().forEach(i -> said.add(i.getCode().toCode()));
    assertThat(String.join(" ", said).replaceAll(" (?=[A-Z][A-Za-z]+[? ])", "\n"))
        .isEqualToIgnoringWhitespace(
            """
            Device history-instance Device history-type Device read Device search-type
            Device vread
            Device?_id Device?_lastUpdated Device?identifier Device?type
            DiagnosticReport create DiagnosticReport history-instance DiagnosticReport history-type DiagnosticReport read DiagnosticReport search-type
            DiagnosticReport vread
            DiagnosticReport?_id DiagnosticReport?_lastUpdated DiagnosticReport?code
            DiagnosticReport?date DiagnosticReport?identifier DiagnosticReport?patient
            DiagnosticReport?study DiagnosticReport?subject
            DocumentReference history-instance DocumentReference history-type DocumentReference read DocumentReference search-type
            DocumentReference vread
            DocumentReference?_id DocumentReference?_lastUpdated DocumentReference?author
            DocumentReference?date
            DocumentReference?identifier DocumentReference?patient DocumentReference?study
            DocumentReference?subject DocumentReference?type
            ImagingStudy history-instance ImagingStudy history-type ImagingStudy read ImagingStudy search-type
            ImagingStudy vread
            ImagingStudy?_id ImagingStudy?_lastUpdated ImagingStudy?identifier
            ImagingStudy?patient ImagingStudy?started ImagingStudy?study ImagingStudy?subject
            Observation history-instance Observation history-type Observation read Observation search-type
            Observation vread
            Observation?_id Observation?_lastUpdated Observation?code Observation?date
            Observation?derived-from Observation?device Observation?identifier Observation?patient
            Observation?study Observation?subject Observation?value-concept
            Provenance history-instance Provenance history-type Provenance read Provenance search-type
            Provenance vread
            Provenance?_id Provenance?_lastUpdated Provenance?_tag Provenance?agent
            Provenance?patient
            Provenance?recorded Provenance?study Provenance?target
            Subscription create Subscription delete Subscription read Subscription search-type
            Subscription update
            batch history-system transaction
            """);
    assertThat(statement.getInstantiates().stream().map(one -> one.getValue()))
        .anyMatch(one -> one.contains("/CapabilityStatement/m2ib"));
    assertThat(rest.getResource())
        .allSatisfy(
            resource -> {
              assertThat(resource.getConditionalUpdate()).isFalse();
              assertThat(resource.getConditionalCreate())
                  .isEqualTo(resource.getType().equals("DiagnosticReport"));
            });
    assertThat(rest.getOperation()).singleElement().matches(o -> o.getName().equals("export"));
    assertThat(statement.getImplementation().getDescription()).contains("Not a diagnostic device");
    assertThat(statement.getFormat().stream().map(Object::toString)).containsExactly("json", "xml");
    assertValid(answer.body());
  }

  @Test
  void whatTheServiceItselfMeansByAParameterIsDefinedInTheDocumentation() throws Exception {
    for (String name : List.of("study", "provenance-patient")) {
      String json =
          java.nio.file.Files.readString(
              java.nio.file.Path.of("docs/fhir/input/resources/SearchParameter-" + name + ".json"));
      SearchParameter definition = FHIR.newJsonParser().parseResource(SearchParameter.class, json);
      assertThat(http().get("metadata").body()).contains('"' + definition.getUrl() + '"');
      for (var type : definition.getBase()) {
        assertThat(org.m2ib.fhir.store.SearchParameters.of(type.getCode()))
            .anyMatch(p -> definition.getUrl().equals(p.getUri()));
      }
      assertValid(json);
    }
  }

  private static void assertValid(String json) {
    ValidationSupportChain support =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(FHIR),
            new InMemoryTerminologyServerValidationSupport(FHIR),
            new CommonCodeSystemsTerminologyService(FHIR));
    ValidationResult result =
        FHIR.newValidator()
            .registerValidatorModule(new FhirInstanceValidator(support))
            .validateWithResult(json);
    assertThat(result.getMessages())
        .filteredOn(m -> m.getSeverity().ordinal() >= ResultSeverityEnum.ERROR.ordinal())
        .isEmpty();
  }
}
