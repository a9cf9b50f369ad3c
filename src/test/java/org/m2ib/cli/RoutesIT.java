package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.delivery.FakeFhirServer;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;
import org.m2ib.peers.Program;
import org.m2ib.peers.ServiceProcess;

/**
 * Routes of the packaged service, with two real archives, one of them by DICOMweb, and a FHIR
 * server, changed while it runs.
 */
class RoutesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
  private static final String MAP = "1.2.840.10008.5.1.4.1.1.30";

  @TempDir Path folder;

  @Test
  void studiesGoWhereTheirSendersRouteSaysAndTheFileIsChangedWithoutRestart() throws Exception {
    Path file = folder.resolve("routes.yaml");
    try (Orthanc a = Orthanc.start(Files.createDirectories(folder.resolve("a")), "M2IB", 1);
        Orthanc b = Orthanc.startWithDicomWeb(Files.createDirectories(folder.resolve("b")));
        FakeFhirServer fhir = new FakeFhirServer()) {
      String destinations =
          """
          destinations:
            a: {archive: "%s"}
            b: {stow: "%s"}
            hub: {fhir: "%s"}
          routes:
          """
              .formatted(a.archive(), b.dicomWeb(), fhir.url());
      replace(
          file,
          destinations
              + """
                - {name: mobile, when: {calling-ae-title: MOBILE}, method: occlusion, destinations: [a]}
                - name: ward
                  when: {calling-ae-title: WARD}
                  destinations: [{b: [parametric-map, segmentation]}, hub]
              """
                  .stripIndent());
      try (ServiceProcess service =
          new ServiceProcess(folder.resolve("data"), Map.of("m2ib.routes", file.toString()))
              .start()) {
        SmallStudies.send(service, "MOBILE", folder, 1, 1, "Heart normal.");
        SmallStudies.send(service, "WARD", folder, 2, 1, "Heart normal.");
        JsonNode mobile = service.awaitState("1.2.3.1", "DELIVERED", PATIENCE);
        JsonNode ward = service.awaitState("1.2.3.2", "DELIVERED", PATIENCE);
        assertThat(mobile.at("/route/name").asText()).isEqualTo("mobile");
        assertThat(ward.at("/route/matched").asText()).isEqualTo("calling-ae-title: WARD");
        assertThat(classes(a, "1.2.3.1")).containsOnly(CAPTURE);
        assertThat(classes(b, "1.2.3.2")).contains(MAP).doesNotContain(CAPTURE);
        assertThat(series(a, "1.2.3.1")).containsOnly("Occlusion attribution");
        assertThat(methods(service, "1.2.3.1")).containsOnly("Occlusion");
        assertThat(methods(service, "1.2.3.2")).containsOnly("M2IB");
        assertThat(service.json("/api/destinations").at("/destinations").toString())
            .contains("\"stow:" + b.dicomWeb() + "\"", "\"protocol\":\"dicomweb\"");
        Peers.await(
            "the archives to be seen",
            PATIENCE,
            () ->
                new String(service.get("/q/health/ready").body(), StandardCharsets.UTF_8)
                    .matches("(?s).*\"archives\",\\s*\"status\": *\"UP\".*"));
        assertThat(a.instancesOf("1.2.3.2")).isEmpty();
        assertThat(b.instancesOf("1.2.3.1")).isEmpty();
        assertThat(fhir.resources).isNotEmpty();

        Files.writeString(file, "routes: [{name: wrong, colour: red}]");
        Peers.await(
            "the wrong file to be told",
            PATIENCE,
            () -> service.json("/api/routes").get("error").isTextual());
        assertThat(new String(service.get("/q/health/ready").body(), StandardCharsets.UTF_8))
            .containsPattern("\"routes\",\\s*\"status\": *\"DOWN\"")
            .doesNotContain(file.toString());
        assertThat(service.json("/api/routes").at("/error").asText())
            .contains("line 1: routes[0].colour: unknown key");
        assertThat(service.json("/api/routes").at("/routes/0/name").asText()).isEqualTo("mobile");

        replace(
            file,
            destinations
                + """
                  - {name: mobile, when: {calling-ae-title: MOBILE}, destinations: [b]}
                  - {name: ward, when: {calling-ae-title: WARD}, ignore: closed}
                """
                    .stripIndent());
        Peers.await(
            "the changed routes",
            PATIENCE,
            () -> service.json("/api/routes").at("/routes/1/ignore").asText().equals("closed"));
        SmallStudies.send(service, "MOBILE", folder, 3, 1, "Heart normal.");
        SmallStudies.send(service, "WARD", folder, 4, 1, "Heart normal.");
        service.awaitState("1.2.3.3", "DELIVERED", PATIENCE);
        assertThat(service.awaitState("1.2.3.4", "SKIPPED", PATIENCE).get("reason").asText())
            .isEqualTo("ignored by its route: closed");
        assertThat(classes(b, "1.2.3.3")).containsOnly(CAPTURE);
        assertThat(a.instancesOf("1.2.3.3")).isEmpty();

        // the first case keeps its route: a second delivery goes where the first went
        service.post("/api/cases/" + mobile.get("id").asText() + "/redelivery", "");
        JsonNode again = service.awaitState("1.2.3.1", "DELIVERED", PATIENCE);
        assertThat(again.at("/route")).isEqualTo(mobile.at("/route"));
        assertThat(b.instancesOf("1.2.3.1")).isEmpty();

        // a withdrawn report is withdrawn where its results went, though no route names it any more
        String cancelled =
            "{\"studyInstanceUid\": \"1.2.3.2\", \"reportId\": \"R2\", \"status\": \"cancelled\"}";
        assertThat(service.post("/api/reports", cancelled).statusCode()).isEqualTo(202);
        service.awaitState("1.2.3.2", "CANCELLED", PATIENCE);
        assertThat(classes(b, "1.2.3.2")).contains("1.2.840.10008.5.1.4.1.1.88.59");
        assertThat(service.log()).contains("other routes are in force: 2");
      }
    }
  }

  private static void replace(Path file, String text) throws IOException {
    Path whole = Files.writeString(file.resolveSibling("new.yaml"), text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The methods that the Observations of a study name. */
  private static Set<String> methods(ServiceProcess service, String study) throws Exception {
    Set<String> methods = new TreeSet<>();
    for (JsonNode entry : service.json("/fhir/Observation?_count=100").get("entry")) {
      if (entry.at("/resource").toString().contains("urn:oid:" + study + "\"")) {
        String text = entry.at("/resource/method/text").asText();
        methods.add(text.replaceFirst(" .*", ""));
      }
    }
    return methods;
  }

  private List<String> classes(Orthanc archive, String study) throws Exception {
    return values(archive, study, Tags.SOPClassUID);
  }

  private List<String> series(Orthanc archive, String study) throws Exception {
    return values(archive, study, Tags.SeriesDescription);
  }

  private List<String> values(Orthanc archive, String study, int tag) throws Exception {
    List<String> values = new ArrayList<>();
    for (String instance : archive.instancesOf(study)) {
      Path file = folder.resolve(instance + ".dcm");
      Files.write(file, archive.bytes("/instances/" + instance + "/file"));
      values.add(DicomObject.read(file, header -> false).string(tag));
    }
    return values;
  }

  @Test
  void aWrongFileStopsTheStart() throws Exception {
    Path file =
        Files.writeString(folder.resolve("routes.yaml"), "routes:\n  - {name: a, model: b}\n");
    ServiceProcess service =
        new ServiceProcess(folder.resolve("data"), Map.of("m2ib.routes", file.toString()));
    assertThat(service.refusal())
        .contains("m2ib.routes = " + file, "line 2: routes[0].model: there is no model 'b'");
  }

  @Test
  void theCommandsSayWhatTheServiceWould() throws Exception {
    assertThat(m2ib("routes", "check", "samples/routes.yaml").output())
        .contains("samples/routes.yaml: 3 routes, 3 destinations");
    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "routes: []\nrules: []\n");
    Peers.Run refused = m2ib("routes", "check", wrong.toString());
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.output()).contains("line 2: rules: unknown key");
    Peers.Run tried =
        m2ib(
            "routes",
            "try",
            "--routes",
            "samples/routes.yaml",
            "samples/chest.dcm",
            "samples/report.hl7");
    assertThat(tried.exit()).as(tried.output()).isZero();
    assertThat(tried.output()).contains("not children (line 12)", "takes default");
  }

  private static Peers.Run m2ib(String... arguments) throws Exception {
    return Program.run(List.of(), List.of(arguments));
  }
}
