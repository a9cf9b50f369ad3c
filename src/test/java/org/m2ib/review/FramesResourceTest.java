package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.ViewerFrame;

class FramesResourceTest {
  @TempDir Path dir;
  private ArrivalStore arrivals;
  private CaseStore cases;
  private Blobs blobs;
  private FrameCache frames;
  private FramesResource resource;

  @BeforeEach
  void start() {
    Database database = TestDatabase.h2();
    arrivals = TestArrivals.store(database, Clock.systemUTC());
    cases = new CaseStore(database, Clock.systemUTC());
    blobs = new Blobs(dir);
    frames = FrameCache.ofHeap();
    resource = new FramesResource(cases, new ResultStore(database), arrivals, blobs, frames);
  }

  /** Receives an image into a study of its own. */
  private String received(byte[] file, String uid) {
    StudyKey study = new StudyKey("1.2." + uid, null, null, null, null, null);
    arrivals.receive(
        new ReceivedInstance(study, "1", uid, "1", "DX", "PA", null, "PACS", blobs.put(file)));
    TestArrivals.pair(arrivals);
    return cases.create(study, CaseState.AWAITING_REPORT, null).id().toString();
  }

  /** With a window and one overlay. */
  private static DicomObject radiograph() {
    DicomObject object =
        DicomFiles.radiograph("1.5").set(Tags.WindowCenter, 400.0).set(Tags.WindowWidth, 800.0);
    OverlayPlanes.write(
        object,
        List.of(
            new OverlayPlane(
                "nodule, right upper zone",
                "NODULE/RIGHT/UPPER",
                2,
                3,
                new boolean[] {false, true, false, false, true, true})));
    return object;
  }

  @Test
  void aFrameTellsItsSizeWindowSpacingPolarityAndOverlays() throws IOException {
    String id = received(DicomFiles.bytes(radiograph()), "1.5");

    JsonNode frame = json(resource.get(id, "1.5", "1"));

    assertThat(frame.get("rows").asInt()).isEqualTo(2);
    assertThat(frame.get("columns").asInt()).isEqualTo(3);
    assertThat(frame.get("colour").asBoolean()).isFalse();
    assertThat(frame.get("inverted").asBoolean()).isTrue();
    assertThat(frame.get("windowCenter").asDouble()).isEqualTo(400);
    assertThat(frame.get("windowWidth").asDouble()).isEqualTo(800);
    assertThat(frame.get("windowFunction").asText()).isEqualTo("LINEAR");
    assertThat(frame.get("minimum").asDouble()).isEqualTo(10 * 2 - 100);
    assertThat(frame.get("maximum").asDouble()).isEqualTo(4095 * 2 - 100);
    assertThat(frame.get("values").toString())
        .isEqualTo("[{\"from\":0,\"value\":-80.0,\"step\":2.0}]");
    assertThat(frame.get("pixelSpacing").toString()).isEqualTo("[0.2,0.1]");
    assertThat(frame.get("patientOrientation").toString()).isEqualTo("[\"L\",\"F\"]");
    JsonNode overlay = frame.get("overlays").get(0);
    assertThat(overlay.get("label").asText()).isEqualTo("nodule, right upper zone");
    assertThat(overlay.get("description").asText()).isEqualTo("NODULE/RIGHT/UPPER");
    String self = "/api/cases/" + id + "/images/1.5/frames/1";
    assertThat(overlay.get("links").get("mask").asText()).isEqualTo(self + "/overlays/1");
    assertThat(frame.get("links").get("pixels").asText()).isEqualTo(self + "/pixels");
    assertThat(frame.get("links").get("greyLevels").asText()).isEqualTo(self + "/grey-levels");
    assertThat(frame.get("paddingSample").isNull()).isTrue();
  }

  @Test
  void pixelsAndMaskComeAsPlainBytesAndAreKeptByTheBrowser() throws IOException {
    String id = received(DicomFiles.bytes(radiograph()), "1.5");

    Response pixels = resource.pixels(id, "1.5", "1", null, null);
    Response mask = resource.overlay(id, "1.5", "1", "1", null, null);
    byte[] levels = (byte[]) resource.greyLevels(id, "1.5", "1", null, null).getEntity();

    assertThat(pixels.getMediaType()).hasToString("application/octet-stream");
    assertThat((byte[]) pixels.getEntity())
        .containsExactly(0, 0, 1, 0, 246, 0, 0, 1, 246, 1, 245, 15); // less 10 each
    assertThat((byte[]) mask.getEntity()).containsExactly(0, 1, 0, 0, 1, 1);
    assertThat(levels).hasSize(4095 - 10 + 1);
    assertThat(levels[0]).isEqualTo((byte) 255); // MONOCHROME1, below the window
    assertThat(levels[4085]).isZero();
    String tag = pixels.getHeaderString("ETag");
    assertThat(resource.pixels(id, "1.5", "1", tag, null).getStatus()).isEqualTo(304);
    assertThat(resource.overlay(id, "1.5", "1", "1", tag, null).getStatus()).isEqualTo(200);
    assertThat(
            resource.overlay(id, "1.5", "1", "1", mask.getHeaderString("ETag"), null).getStatus())
        .isEqualTo(304);
  }

  @Test
  void anImageWithoutSpacingOrientationOrOverlaysSaysSo() throws IOException {
    DicomObject object = radiograph().remove(Tags.ImagerPixelSpacing);
    object.remove(Tags.PatientOrientation);
    OverlayPlanes.write(object, List.of());
    String id = received(DicomFiles.bytes(object), "1.5");
    JsonNode frame = json(resource.get(id, "1.5", "1"));
    assertThat(frame.get("pixelSpacing").isNull()).isTrue();
    assertThat(frame.get("patientOrientation").isNull()).isTrue();
    assertThat(frame.get("overlays")).isEmpty();
    assertProblem(
        () -> resource.overlay(id, "1.5", "1", "1", null, null),
        404,
        "no such overlay: the frame has 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.6 | 1 | has no image with this UID
          1.5 | 2 | There is no such frame: the image has 1, counted from 1
          1.5 | 0 | There is no such frame
          1.5 | x | There is no such frame
          1.5 | 99999999999 | There is no such frame
          """)
  void whatIsNotThereIsSaidToBeMissing(String uid, String frame, String detail) throws IOException {
    String id = received(DicomFiles.bytes(radiograph()), "1.5");
    received(DicomFiles.bytes(radiograph()), "1.6"); // another case's
    assertProblem(() -> resource.get(id, uid, frame), 404, detail);
    assertProblem(() -> resource.pixels(id, uid, frame, null, null), 404, detail);
    assertProblem(() -> resource.overlay(id, uid, frame, "1", null, null), 404, detail);
    assertProblem(() -> resource.get("12", uid, frame), 404, "not a UUID");
  }

  @Test
  void pixelsThatCannotBeReadAreSaidWithTheirReason() throws IOException {
    byte[] file = Files.readAllBytes(DicomFiles.path("codecs/no_j2k_ppm.dcm"));
    String id = received(file, "1.7");
    assertProblem(() -> resource.get(id, "1.7", "1"), 501, "This image cannot be shown: ");
    assertProblem(
        () -> resource.pixels(id, "1.7", "1", null, null), 501, "This image cannot be shown: ");
    String damaged = received(new byte[] {1, 2, 3}, "1.8");
    assertProblem(() -> resource.get(damaged, "1.8", "1"), 501, "This image cannot be shown: ");
  }

  @Test
  void aFileThatTheFolderLostIsNamed() throws IOException {
    byte[] file = DicomFiles.bytes(radiograph());
    String id = received(file, "1.5");
    String blob = blobs.put(file);
    Files.delete(blobs.path(blob));
    assertProblem(() -> resource.get(id, "1.5", "1"), 500, blob);
  }

  @Test
  void aPictureIsDecodedOnceForAllThatIsAskedOfIt() throws IOException {
    String id = received(DicomFiles.bytes(radiograph()), "1.5");
    json(resource.get(id, "1.5", "1"));
    resource.pixels(id, "1.5", "1", null, null);
    resource.pixels(id, "1.5", "1", null, "gzip");
    resource.greyLevels(id, "1.5", "1", null, null);
    assertThat(frames.loads()).isEqualTo(1);
  }

  @Test
  void requestsAtOnceDecodeOnce() throws IOException {
    String id = received(DicomFiles.bytes(radiograph()), "1.5");
    IntStream.range(0, 16).parallel().forEach(i -> resource.pixels(id, "1.5", "1", null, null));
    assertThat(frames.loads()).isEqualTo(1);
  }

  @Test
  void keptFramesAreBoundedInBytes() {
    FrameCache small = new FrameCache(250);
    for (int i = 0; i < 20; i++) {
      small.get("blob", "" + i, () -> sized(100));
    }
    small.get("blob", "large", () -> sized(1000));
    assertThat(small.bytes()).isLessThanOrEqualTo(250);
    assertThat(small.loads()).isEqualTo(21);
  }

  private static ViewerFrame sized(int bytes) {
    return new ViewerFrame(
        1, 1, false, false, null, 0, 1, List.of(), -1, new byte[bytes - 1], new byte[1]);
  }

  @Test
  void gzipInflatesToTheSameBytesAndHasATagOfItsOwn() throws IOException {
    String id = received(DicomFiles.bytes(radiograph()), "1.5");
    Response plain = resource.greyLevels(id, "1.5", "1", null, null);
    Response packed = resource.greyLevels(id, "1.5", "1", null, "br, gzip;q=0.5");

    assertThat(plain.getHeaderString("Content-Encoding")).isNull();
    assertThat(packed.getHeaderString("Content-Encoding")).isEqualTo("gzip");
    byte[] body = (byte[]) packed.getEntity();
    assertThat(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes())
        .isEqualTo((byte[]) plain.getEntity());
    for (Response answer : List.of(plain, packed)) {
      assertThat(answer.getHeaderString("Vary")).isEqualTo("Accept-Encoding");
    }
    String tag = packed.getHeaderString("ETag");
    assertThat(tag).isNotEqualTo(plain.getHeaderString("ETag"));
    assertThat(resource.greyLevels(id, "1.5", "1", tag, "gzip").getStatus()).isEqualTo(304);
    assertThat(resource.greyLevels(id, "1.5", "1", tag, null).getStatus()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip, deflate, br | true
          GZIP;q=0.001      | true
          *                 | true
          gzip;q=0, *       | false
          gzip; q=0.000     | false
          *;q=0             | false
          identity          | false
          ''                | false
                            | false
          """)
  void gzipIsSentOnlyWhereItIsAccepted(String header, boolean accepted) {
    assertThat(Gzip.isAccepted(header)).isEqualTo(accepted);
  }
}
