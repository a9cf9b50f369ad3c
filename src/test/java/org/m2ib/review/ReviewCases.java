package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.lab.phantom.PhantomReport;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;
import org.m2ib.peers.Browser;
import org.m2ib.peers.ServiceProcess;

/** Made-up cases for a reader to look at, sent to the service as studies and reports are. */
final class ReviewCases {
  static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Encoding PLAIN = new Encoding(false, true);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceProcess service;
  private final Path folder;
  private int files;

  /**
   * Loads a page, also one whose address differs in its hash alone, and signs in if it asks for it.
   */
  static void open(Browser browser, String path) {
    browser.open("/sign-in").open(path);
    if (browser.path().equals("/sign-in")) {
      browser.signIn(ServiceProcess.PASSWORD);
      browser.await("the page asked for", "location.pathname === '" + path.split("#")[0] + "'");
    }
  }

  /** Until the page of a case shows the map of a sentence. */
  static void awaitMap(Browser browser, int sentence) {
    browser.await(
        "the map of sentence " + sentence,
        "document.getElementById('canvas').dataset.sentence === '" + sentence + "'");
    browser.awaitPaint();
  }

  ReviewCases(ServiceProcess service, Path folder) {
    this.service = service;
    this.folder = folder;
  }

  /** A nodule on the right and an effusion on the left. */
  static Phantom phantom(long seed) {
    return new PhantomGenerator()
        .make(
            seed,
            List.of(
                new Finding(FindingType.NODULE, PhantomSide.RIGHT, Zone.UPPER),
                new Finding(FindingType.EFFUSION, PhantomSide.LEFT, Zone.NONE)));
  }

  static DicomObject image(Phantom phantom) {
    return PhantomImage.of(phantom, PLAIN);
  }

  /** A report that is true. */
  JsonNode right(long seed) throws Exception {
    Phantom phantom = phantom(seed);
    return send(image(phantom), PhantomReport.of(phantom, seed).text(), "DELIVERED");
  }

  /** A report that says the nodule's side wrong. */
  JsonNode wrongSide(long seed) throws Exception {
    Phantom phantom = phantom(seed);
    PhantomReport report = PhantomReport.of(phantom, seed);
    PhantomSentence nodule = report.findings().get(0);
    return send(image(phantom), report.withWrongSide(nodule).text(), "DELIVERED");
  }

  /** An image whose pixels ended on the way. */
  JsonNode broken(long seed) throws Exception {
    Phantom phantom = phantom(seed);
    DicomObject image = image(phantom).set(Tags.PixelData, new byte[1000]);
    return send(image, PhantomReport.of(phantom, seed).text(), "FAILED");
  }

  /** An image without its report. */
  JsonNode imageAlone(long seed) throws Exception {
    return imageAlone(image(phantom(seed)));
  }

  JsonNode imageAlone(DicomObject image) throws Exception {
    store(image);
    return await(image, "AWAITING_REPORT");
  }

  /** A study and a report that names another patient. */
  JsonNode mismatch(long seed) throws Exception {
    DicomObject image = image(phantom(seed));
    store(image);
    Map<String, String> body =
        Map.of(
            "studyInstanceUid",
            image.requiredString(Tags.StudyInstanceUID),
            "accessionNumber",
            image.requiredString(Tags.AccessionNumber),
            "patientId",
            "PHANTOM-OTHER",
            "text",
            PhantomReport.of(phantom(seed), seed).text());
    assertThat(service.post("/api/reports", JSON.writeValueAsString(body)).statusCode())
        .isEqualTo(202);
    return await(image, "MISMATCHED");
  }

  /** A study and its report; waits for a state and gives the case in it. */
  JsonNode send(DicomObject image, String report, String state) throws Exception {
    store(image);
    Map<String, String> body =
        Map.of("studyInstanceUid", image.requiredString(Tags.StudyInstanceUID), "text", report);
    assertThat(service.post("/api/reports", JSON.writeValueAsString(body)).statusCode())
        .isEqualTo(202);
    return await(image, state);
  }

  private JsonNode await(DicomObject image, String state) {
    return service.awaitState(image.requiredString(Tags.StudyInstanceUID), state, PATIENCE);
  }

  /** An image without waiting for its case. */
  void store(DicomObject image) throws IOException {
    Path file = folder.resolve(++files + ".dcm");
    try (OutputStream out = Files.newOutputStream(file)) {
      image.write(out);
    }
    RemoteAe remote = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    assertThat(new StoreScu(StoreScu.Settings.of("SENDER")).store(remote, List.of(file)))
        .allMatch(StoreOutcome::stored);
  }
}
