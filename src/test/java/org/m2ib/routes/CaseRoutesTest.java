package org.m2ib.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.boot.Deployment;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.TestArrivals;
import org.m2ib.delivery.Redelivery;
import org.m2ib.dicom.Tags;

/** Routes of real cases, through attribution to the rows of the outbox. */
class CaseRoutesTest {
  private static final String DESTINATIONS =
      """
      destinations:
        a: {archive: A@127.0.0.1:1}
        b: {archive: B@127.0.0.1:1}
        f: {fhir: http://127.0.0.1:1/f}
        g: {fhir: http://127.0.0.1:1/g}
        ris: {hl7: mllp://127.0.0.1:1}
      routes:
      """;

  @TempDir Path dir;
  private Path file;
  private Deployment service;

  @BeforeEach
  void start() throws IOException {
    file = dir.resolve("routes.yaml");
    service = new Deployment(dir);
    service.settings.put("m2ib.archive", "PACS@127.0.0.1:1");
    service.settings.put("m2ib.fhir.url", "http://127.0.0.1:1/fhir");
    service.settings.put("m2ib.routes", file.toString());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private void routes(String... lines) throws IOException {
    Files.writeString(file, DESTINATIONS + String.join("\n", lines));
    if (service.routes == null) {
      service.start();
    }
    service.routes.look();
    service.routes.look();
    assertThat(service.routes.state().error()).isNull();
  }

  private List<String> rows(UUID id) {
    return service.outbox.of(id).stream()
        .filter(row -> row.status() != Delivery.Status.REPLACED)
        .map(
            row ->
                row.kind() + " " + row.destination().replaceFirst("@.*|(http:/)?/127.0.0.1:1", ""))
        .collect(Collectors.toList());
  }

  private Redelivery redelivery() {
    return new Redelivery(service.database, service.arrivals, service.cases, service.outbox);
  }

  private void deliver(UUID id) {
    for (Delivery row : service.outbox.of(id)) {
      if (row.status() == Delivery.Status.PENDING) {
        service.outbox.record(row, Delivery.Status.DELIVERED, 0, "");
      }
    }
    service.cases.apply(id, Event.ALL_DELIVERED, "");
  }

  @Test
  void studiesOfDifferentSendersGoToDifferentArchivesWithDifferentObjects() throws IOException {
    routes(
        "  - name: mobile",
        "    when: {calling-ae-title: MOBILE*}",
        "    destinations: [{a: [parametric-map, segmentation]}, f]",
        "  - name: ward",
        "    when: {calling-ae-title: WARD}",
        "    destinations: [b]");
    UUID mobile = service.study("MOBILE7", null);
    UUID ward = service.study("WARD", null);
    UUID other = service.study("OTHER", null);
    Case done = service.attribute(mobile);
    service.attribute(ward);
    service.attribute(other);
    assertThat(rows(mobile)).containsExactlyInAnyOrder("MAPS A", "SEGMENTS A", "BUNDLE /f");
    assertThat(rows(ward)).containsExactly("CAPTURES B");
    assertThat(rows(other)).containsExactlyInAnyOrder("CAPTURES PACS", "BUNDLE /fhir");
    assertThat(done.route().name()).isEqualTo("mobile");
    assertThat(done.route().matched()).isEqualTo("calling-ae-title: MOBILE7");
    assertThat(service.cases.find(other).orElseThrow().route().name()).isEqualTo("default");
  }

  @Test
  void withoutAFileNothingIsChosen() throws IOException {
    service.settings.remove("m2ib.routes");
    service.start();
    UUID id = service.study("ANY", null);
    assertThat(service.attribute(id).route()).isNull();
    assertThat(rows(id)).containsExactlyInAnyOrder("CAPTURES PACS", "BUNDLE /fhir");
  }

  @Test
  void aRouteChoosesImagesAndModel() throws IOException {
    routes("  - {name: one, model: four, images: {most: 1}}");
    UUID id = service.study("ANY", null);
    service.image(id, 2, "1.2.3.99");
    Case done = service.attribute(id);
    assertThat(done.model()).isEqualTo("four");
    assertThat(service.madeBy(id)).containsOnly(service.hash("four"));
    assertThat(service.results.of(id)).hasSize(2);
    assertThat(done.reason()).contains("image 2: the route takes one image of a study");
  }

  @Test
  void aModelThatARouteNamesStaysLoaded() throws IOException {
    routes("  - {name: one, model: four}");
    assertThat(service.models.isLoaded("four")).isTrue();
    assertThat(service.models.isLoaded("wide")).isFalse();
  }

  @Test
  void aModelThatAPersonNamesGoesBeforeTheRoutes() throws IOException {
    routes("  - {name: one, model: four}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    redelivery().redo(id, "wide");
    assertThat(service.attribute(id).model()).isEqualTo("wide");
  }

  @Test
  void aCaseKeepsItsRouteWhateverBecomesOfTheFile() throws IOException {
    routes("  - {name: first, destinations: [a]}");
    UUID id = service.study("ANY", null);
    Case c = service.cases.find(id).orElseThrow();
    var report = service.arrivals.get(c.reportArrival()).report();
    var images = service.arrivals.images(c.study().studyInstanceUid());
    Handling first = service.caseRoutes().begin(c, report, images);
    routes("  - {name: second, destinations: [b]}");
    Case begun = service.cases.find(id).orElseThrow();
    assertThat(service.caseRoutes().begin(begun, report, images)).isEqualTo(first);
    assertThat(service.attribute(id).route().name()).isEqualTo("first");
    assertThat(rows(id)).containsExactly("CAPTURES A");
  }

  @Test
  void aCaseThatIsDoneAgainTakesThePresentRoutes() throws IOException {
    routes("  - {name: first, destinations: [a, f]}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    deliver(id);
    routes("  - {name: second, destinations: [b, g]}");
    redelivery().redo(id, "four");
    assertThat(service.attribute(id).route().name()).isEqualTo("second");
    assertThat(rows(id))
        .as("what was withdrawn is withdrawn where it went, and nothing new goes there")
        .containsExactlyInAnyOrder("REJECTED A", "REVOKED /f", "CAPTURES B", "BUNDLE /g");
    assertThat(service.outbox.of(id))
        .filteredOn(row -> row.status() == Delivery.Status.REPLACED)
        .hasSize(2)
        .allSatisfy(
            row ->
                assertThat(row.problem())
                    .isEqualTo(
                        "the route second, which the case takes now, does not name it; delivered"
                            + " before"));
  }

  @Test
  void rowsThatStillWaitDoNotTakeNewResultsToAnOldDestination() throws IOException {
    routes("  - {name: first, destinations: [a, f]}");
    UUID id = service.study("ANY", null);
    service.attribute(id); // and neither answers
    routes("  - {name: second, destinations: [b]}");
    redelivery().redo(id, "default");
    service.attribute(id);
    assertThat(rows(id))
        .as("the results are the same: none is withdrawn")
        .containsExactly("CAPTURES B");
    deliver(id);
    assertThat(redelivery().one(id)).isTrue();
    assertThat(rows(id)).containsExactly("CAPTURES B");
  }

  @Test
  void whatIsWithdrawnLaterIsWithdrawnWhereItWentToo() throws IOException {
    routes("  - {name: first, destinations: [a, f]}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    deliver(id);
    routes("  - {name: second, destinations: [b]}");
    redelivery().redo(id, "default"); // the results are the same, and hold
    service.attribute(id);
    deliver(id);
    assertThat(rows(id)).containsExactly("CAPTURES B");
    redelivery().redo(id, "four");
    service.attribute(id);
    assertThat(rows(id))
        .containsExactlyInAnyOrder("REJECTED A", "REJECTED B", "REVOKED /f", "CAPTURES B");
  }

  @Test
  void resultsThatADestinationNeverGotAreNotWithdrawnThere() throws IOException {
    routes("  - {name: first, destinations: [f]}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    deliver(id);
    routes("  - {name: second, destinations: [g]}");
    redelivery().redo(id, "four");
    service.attribute(id);
    deliver(id);
    routes("  - {name: third, destinations: [b]}");
    redelivery().redo(id, "wide");
    service.attribute(id);
    assertThat(rows(id)).containsExactlyInAnyOrder("REVOKED /f", "REVOKED /g", "CAPTURES B");
    String first = service.hash("default");
    String second = service.hash("four");
    assertThat(sentTo(id, "/f")).containsOnly(first);
    assertThat(sentTo(id, "/g")).containsOnly(second);
    assertThat(service.outbox.results(id, "A@127.0.0.1:1")).isEmpty();
  }

  @Test
  void anInformationSystemThatIsLeftGetsTheWithdrawal() throws IOException {
    routes("  - {name: first, destinations: [ris]}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    assertThat(rows(id)).containsExactly("MESSAGE mllp:/");
    deliver(id);
    routes("  - {name: second, destinations: [b]}");
    redelivery().redo(id, "four");
    service.attribute(id);
    assertThat(rows(id)).containsExactlyInAnyOrder("REVOKED mllp:/", "CAPTURES B");
  }

  /** The models of the results that a server got. */
  private List<String> sentTo(UUID id, String server) {
    var sent = service.outbox.results(id, "http://127.0.0.1:1" + server);
    return service.results.of(id).stream()
        .filter(result -> sent.contains(result.id()))
        .map(result -> org.m2ib.results.ResultJson.read(result.body()).model().hash())
        .toList();
  }

  @Test
  void aCancelledReportIsWithdrawnWhereItsResultsWent() throws IOException {
    routes("  - {name: first, destinations: [a, f]}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    deliver(id);
    routes("  - {name: second, destinations: [b]}");
    service.cancelReport(id);
    service.cases.apply(id, Event.REPORT_CANCELLED, "");
    service.publication().withdraw(id);
    assertThat(rows(id)).containsExactlyInAnyOrder("REJECTED A", "CAPTURES A", "BUNDLE /f");
    deliver(id);
    assertThat(service.cases.find(id).orElseThrow().state()).isEqualTo(CaseState.CANCELLED);
  }

  @Test
  void anIgnoredCaseIsSkippedWithItsReason() throws IOException {
    routes("  - {name: none, ignore: no adult}");
    UUID id = service.study("ANY", null);
    Case done = service.attribute(id);
    assertThat(done.state()).isEqualTo(CaseState.SKIPPED);
    assertThat(done.reason()).isEqualTo("ignored by its route: no adult");
    assertThat(rows(id)).isEmpty();
    routes("  - {name: all, destinations: [a]}");
    assertThat(redelivery().one(id)).isTrue();
    assertThat(service.attribute(id).route().name()).isEqualTo("all");
    assertThat(rows(id)).containsExactly("CAPTURES A");
  }

  @Test
  void resultsOfACaseThatIsNowIgnoredAreWithdrawn() throws IOException {
    routes("  - {name: all, destinations: [a, f]}");
    UUID id = service.study("ANY", null);
    service.attribute(id);
    deliver(id);
    routes("  - {name: none, ignore: no adult}");
    redelivery().redo(id, "default");
    Case done = service.attribute(id);
    assertThat(service.results.of(id)).allMatch(result -> result.withdrawn());
    assertThat(rows(id)).containsExactlyInAnyOrder("REJECTED A", "REVOKED /f");
    assertThat(done.state()).isEqualTo(CaseState.DELIVERING);
    deliver(id);
    assertThat(redelivery().one(id)).isTrue();
    assertThat(rows(id)).containsExactlyInAnyOrder("REJECTED A", "REVOKED /f");
  }

  @Test
  void anAmendedReportChoosesAgain() throws IOException {
    routes(
        "  - {name: german, when: {report-language: de}, destinations: [a]}",
        "  - {name: others, destinations: [b]}");
    UUID id = service.study("ANY", "de");
    assertThat(service.attribute(id).route().name()).isEqualTo("german");
    service.amendReport(id, "FINDINGS: Right effusion."); // in a language that is not stated
    service.cases.apply(id, Event.REPORT, "");
    service.cases.apply(id, Event.STUDY_COMPLETE, "");
    assertThat(service.attribute(id).route().name()).isEqualTo("others");
  }

  @Test
  void aRouteLooksAtTheMessageThatBroughtTheReport() throws IOException {
    routes("  - {name: icu, when: {hl7: {PV1-3.1: ICU*}}, destinations: [a]}");
    UUID id = service.study("ANY", null);
    Case c = service.cases.find(id).orElseThrow();
    String message =
        "MSH|^~\\&|R|H|M|X|2024||ORU^R01|1|P|2.5\rPID|1||7\rPV1|1|I|ICU2\rOBR|1|O1|R1|C\r"
            + "OBX|1|TX|||No effusion.||||||F\r";
    service.arrivals.receive(
        TestArrivals.report(
            c.study(),
            "R1",
            ReportStatus.AMENDED,
            "FINDINGS: No effusion.",
            "hl7",
            null,
            service.blobs.put(message.getBytes(StandardCharsets.UTF_8))));
    service.cases.setReport(id, TestArrivals.pair(service.arrivals).id());
    Case done = service.attribute(id);
    assertThat(done.route().name()).isEqualTo("icu");
    assertThat(done.route().matched()).isEqualTo("hl7.PV1-3.1: ICU2");
  }

  @Test
  void noRouteIsChosenByAResultOfThisService() throws IOException {
    routes("  - {name: returned, when: {calling-ae-title: PACS}, destinations: [a]}");
    UUID id = service.study("MODALITY", null);
    service.image(
        id, 2, "1.2.3.99", image -> image.set(Tags.SeriesDescription, "M2IB attribution"));
    assertThat(service.attribute(id).route().name()).isEqualTo("default");
  }

  @Test
  void theRouteIsKeptByWhatItSays() throws IOException {
    routes("  - {name: one, when: {modality: [DX, CR]}, destinations: [a]}");
    UUID first = service.study("ANY", null);
    String hash = service.attribute(first).route().hash();
    routes(
        "  - {name: none, when: {modality: CT}, ignore: x}",
        "  - {name: one, when: {modality: [DX, CR]}, destinations: [a]}");
    UUID second = service.study("ANY", null);
    assertThat(service.attribute(second).route().hash()).isEqualTo(hash);
    routes("  - {name: one, when: {modality: [DX, CR]}, destinations: [b]}");
    UUID third = service.study("ANY", null);
    assertThat(service.attribute(third).route().hash()).isNotEqualTo(hash);
  }
}
