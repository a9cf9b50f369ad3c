package org.m2ib.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.ServiceProcess;

/**
 * Every field of every way in is given every kind of text: it is taken, or refused for good with
 * its field named. What comes after is taken, paired and attributed, and every list can be read.
 */
class EveryFieldIT {
  private static final Path SMALL =
      Path.of("src/test/resources/dicom/SC_ybr_full_422_uncompressed.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> KINDS =
      List.of(
          "",
          " ",
          "a\0b",
          "\0",
          "a\u0001\u0007\u001b\u007f\u0085b",
          "a\rb\nc\td",
          "a\u2028b\u2029c",
          "a\ud800b",
          "\udc00",
          "\ufffe\uffff\ufeff",
          "\ud83e\udec1 \ud83d\udc68\u200d\u2695\ufe0f",
          "e\u0301\u0308".repeat(40),
          "\u202eabc\u202c \u200f\u05d0\u05d1",
          "x".repeat(65),
          "x".repeat(501),
          mixed(3000),
          mixed(1 << 16),
          "\u80ba".repeat(1 << 16),
          "0001.02.003",
          "1.2.x.3",
          "1..2",
          "....",
          "9".repeat(65),
          "%_'\"\\`;--",
          "a\\b",
          "^~&|#$",
          "<b>&lt;\u0000&#0;</b>",
          "\\u0000",
          "urn:oid:",
          "2026-02-30",
          "-0",
          "NaN");

  /** What the service reads of an object, or copies from it. */
  private static final int[] ATTRIBUTES = {
    Tags.SpecificCharacterSet,
    Tags.StudyDate,
    Tags.StudyTime,
    Tags.AccessionNumber,
    Tags.IssuerOfAccessionNumberSequence,
    Tags.Modality,
    Tags.StudyDescription,
    Tags.SeriesDescription,
    Tags.PatientName,
    Tags.PatientID,
    Tags.IssuerOfPatientID,
    Tags.PatientBirthDate,
    Tags.PatientSex,
    Tags.BodyPartExamined,
    Tags.ViewPosition,
    Tags.StudyInstanceUID,
    Tags.SeriesInstanceUID,
    Tags.StudyID,
    Tags.Laterality,
    Tags.NumberOfStudyRelatedInstances,
    Tags.AdmissionID,
    Tags.PlacerOrderNumberImagingServiceRequest,
    Tags.TimezoneOffsetFromUTC,
    Tags.ReferringPhysicianName
  };

  /** Elements of a DiagnosticReport by whose names a refusal of a text in them goes. */
  private static final List<String> TOLD =
      List.of("language", "identifier", "code", "effective", "conclusion");

  @TempDir Path folder;
  private ServiceProcess service;
  private final List<String> wrong = new ArrayList<>();

  private static String mixed(int length) {
    return new java.util.Random(1)
        .ints(length, '0', 'z')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void onTheEmbeddedDatabase() throws Exception {
    everyField(Map.of());
  }

  @Test
  void onPostgres() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      everyField(
          Map.of(
              "quarkus.datasource.jdbc.url",
              "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
              "quarkus.datasource.username",
              "postgres",
              "quarkus.datasource.password",
              "postgres"));
    }
  }

  private void everyField(Map<String, String> settings) throws Exception {
    try (ServiceProcess started = new ServiceProcess(folder.resolve("data"), settings).start()) {
      service = started;
      reportsAsJson();
      reportsAsFhir();
      images();
      searches();
      assertThat(wrong)
          .as("answers that are neither success nor a refusal with its field")
          .isEmpty();
      goodOnesArePaired();
      allCanBeRead();
    }
  }

  private void reportsAsJson() throws Exception {
    String whole =
        """
        {"studyInstanceUid": "1.2.3", "accessionNumber": "A", "issuerOfAccessionNumber": "I",
         "orderNumber": "O", "patientId": "P", "issuerOfPatientId": "IP", "visitNumber": "V",
         "reportId": "R", "status": "final", "text": "Clear.", "language": "de",
         "issued": "2026-01-02T03:04:05Z"}
        """;
    eachLeaf(
        whole,
        (leaf, body) -> {
          HttpResponse<byte[]> answer = service.post("/api/reports", body);
          JsonNode json = JSON.readTree(answer.body());
          boolean named = json.path("field").asText().equals(leaf.substring(1));
          check(leaf, answer.statusCode(), List.of(202), 400, named, json);
        });
  }

  private void reportsAsFhir() throws Exception {
    String whole = Files.readString(Path.of("src/test/resources/intake/every-element.json"));
    eachLeaf(
        whole,
        (leaf, body) -> {
          HttpResponse<byte[]> answer = fhir("/fhir/DiagnosticReport", body);
          JsonNode issue = JSON.readTree(answer.body()).path("issue").path(0);
          String place = issue.path("expression").path(0).asText();
          String top = leaf.split("/")[1].replace("DateTime", "");
          boolean read = answer.statusCode() == 422 && TOLD.contains(top);
          boolean named = read ? place.contains(top) : issue.hasNonNull("diagnostics");
          check(leaf, answer.statusCode(), List.of(201), 422, named, issue);
        });
    String bundle =
        """
        {"resourceType": "Bundle", "type": "transaction", "entry": [{"fullUrl": "urn:uuid:x",
          "request": {"method": "POST", "url": "DiagnosticReport"}, "resource": %s}]}
        """;
    eachLeaf(
        bundle.formatted(whole),
        (leaf, body) -> {
          if (leaf.startsWith("/entry/0/resource/")) {
            return; // as above
          }
          HttpResponse<byte[]> answer = fhir("/fhir", body);
          JsonNode issue = JSON.readTree(answer.body()).path("issue").path(0);
          check(leaf, answer.statusCode(), List.of(200), 422, true, issue);
        });
  }

  private HttpResponse<byte[]> fhir(String path, String body) throws Exception {
    return service.post(path, body, "application/fhir+json");
  }

  private void images() throws Exception {
    List<Path> files = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int tag : ATTRIBUTES) {
      for (int k = 0; k < KINDS.size(); k++) {
        files.add(image(files.size(), KINDS.get(k), tag));
        names.add("%08x kind %d".formatted(tag, k));
      }
    }
    for (int k = 0; k < KINDS.size(); k++) {
      int[] others =
          java.util.Arrays.stream(ATTRIBUTES)
              .filter(t -> t != Tags.StudyInstanceUID && t != Tags.SeriesInstanceUID)
              .toArray();
      files.add(image(files.size(), KINDS.get(k), others));
      names.add("all, kind " + k);
    }
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    List<StoreOutcome> outcomes = new StoreScu(StoreScu.Settings.of("TEST")).store(us, files);
    for (int i = 0; i < outcomes.size(); i++) {
      StoreOutcome outcome = outcomes.get(i);
      boolean refused = outcome.status() == 0xC000 && outcome.comment().contains("(");
      if (!outcome.stored() && !refused) {
        wrong.add(names.get(i) + ": " + outcome);
      }
    }
  }

  private Path image(int number, String text, int... tags) throws IOException {
    DicomObject image = DicomObject.read(SMALL);
    image.remove(Tags.PixelData);
    image.set(Tags.SpecificCharacterSet, "ISO_IR 192");
    image.set(Tags.StudyInstanceUID, "1.2.4." + number);
    image.set(Tags.SeriesInstanceUID, "1.2.5." + number);
    image.set(Tags.SOPInstanceUID, "1.2.6." + number);
    image.set(Tags.AccessionNumber, "D" + number);
    for (int tag : tags) {
      if (tag == Tags.IssuerOfAccessionNumberSequence) {
        image.addItem(tag).set(Tags.LocalNamespaceEntityID, text.getBytes(UTF_8));
      } else {
        byte[] value = text.getBytes(UTF_8);
        image.set(tag, value.length > 65_534 ? java.util.Arrays.copyOf(value, 65_534) : value);
      }
    }
    Path file = folder.resolve(number + ".dcm");
    try (OutputStream out = Files.newOutputStream(file)) {
      image.write(out);
    }
    return file;
  }

  /** What is looked for may be anything, too. */
  private void searches() throws Exception {
    for (String kind : KINDS) {
      if (kind.length() > 3000) {
        continue;
      }
      String text = URLEncoder.encode(kind, UTF_8);
      for (String path :
          List.of(
              "/api/cases?accessionNumber=",
              "/api/cases?studyInstanceUid=",
              "/api/cases?state=",
              "/api/cases/",
              "/fhir/Observation?identifier=",
              "/fhir/Observation?patient:identifier=",
              "/fhir/DiagnosticReport?study=",
              "/fhir/DiagnosticReport?date=",
              "/fhir/DiagnosticReport/")) {
        HttpResponse<byte[]> answer = service.get(path + text);
        if (answer.statusCode() >= 500) {
          wrong.add(path + text + ": " + answer.statusCode());
        }
      }
    }
  }

  private void goodOnesArePaired() throws Exception {
    DicomObject image = DicomObject.read(SMALL);
    image.set(Tags.StudyInstanceUID, "1.2.3.99");
    Path file = folder.resolve("good.dcm");
    try (OutputStream out = Files.newOutputStream(file)) {
      image.write(out);
    }
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    assertThat(new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(file)))
        .allMatch(StoreOutcome::stored);
    String report = "{\"studyInstanceUid\": \"1.2.3.99\", \"text\": \"FINDINGS: Clear lungs.\"}";
    assertThat(service.post("/api/reports", report).statusCode()).isEqualTo(202);
    JsonNode done = service.awaitState("1.2.3.99", "DELIVERED", PATIENCE);
    String judgements = "/api/cases/" + done.get("id").asText() + "/sentences/0/judgements";
    eachLeaf(
        "{\"answers\": {\"finding\": \"no\"}, \"note\": \"Seen.\"}",
        (leaf, body) ->
            assertThat(service.post(judgements, body).statusCode()).as(leaf).isIn(201, 400, 413));
    String metrics = new String(service.get("/q/metrics").body(), UTF_8);
    assertThat(metrics).containsPattern("m2ib_arrivals_set_aside 0\\.0");
  }

  private void allCanBeRead() throws Exception {
    int cases = 0;
    for (String page = "/api/cases?limit=1000"; page != null; ) {
      JsonNode list = service.json(page);
      for (JsonNode c : list.get("cases")) {
        assertThat(service.get("/api/cases/" + c.get("id").asText()).statusCode()).isEqualTo(200);
        cases++;
      }
      page = list.hasNonNull("next") ? list.get("next").asText() : null;
    }
    assertThat(cases).isGreaterThan(500);
    for (String type : List.of("Observation", "DiagnosticReport", "ImagingStudy")) {
      for (String format : List.of("json", "xml")) {
        String path = "/fhir/" + type + "?_count=100&_format=" + format;
        assertThat(service.get(path).statusCode()).as(path).isEqualTo(200);
      }
    }
  }

  private interface Try {
    void send(String leaf, String body) throws Exception;
  }

  /** Sends a body as often as it has texts and there are kinds. */
  private static void eachLeaf(String whole, Try attempt) throws Exception {
    List<String> leaves = new ArrayList<>();
    collect(JSON.readTree(whole), "", leaves);
    for (String leaf : leaves) {
      for (String kind : KINDS) {
        ObjectNode body = (ObjectNode) JSON.readTree(whole);
        replace(body, leaf);
        StringBuilder units = new StringBuilder();
        kind.chars().forEach(c -> units.append("\\u%04x".formatted(c)));
        attempt.send(leaf, JSON.writeValueAsString(body).replace("@@", units));
      }
    }
  }

  private static void collect(JsonNode node, String path, List<String> leaves) {
    if (node.isTextual()) {
      leaves.add(path);
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), path + "/" + i, leaves);
      }
    } else {
      node.properties().forEach(f -> collect(f.getValue(), path + "/" + f.getKey(), leaves));
    }
  }

  private static void replace(JsonNode body, String leaf) {
    int slash = leaf.lastIndexOf('/');
    JsonNode parent = body.at(leaf.substring(0, slash));
    String last = leaf.substring(slash + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(last), TextNode.valueOf("@@"));
    } else {
      ((ObjectNode) parent).put(last, "@@");
    }
  }

  private void check(
      String leaf, int status, List<Integer> success, int refusal, boolean named, JsonNode answer) {
    boolean refused = (status == refusal || status == 400) && named;
    if (!success.contains(status) && !refused) {
      wrong.add(leaf + ": " + status + " " + answer);
    }
  }
}
