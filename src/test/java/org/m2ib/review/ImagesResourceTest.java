package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.PatientAliases;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.Prior;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.RouteStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.RoutesInForce;

class ImagesResourceTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path dir;
  private Database database;
  private ArrivalStore arrivals;
  private CaseStore cases;
  private ResultStore results;
  private Blobs blobs;
  private RoutesInForce routes;
  private ImagesResource resource;
  private FramesResource frames;

  @BeforeEach
  void start() {
    database = TestDatabase.h2();
    arrivals = TestArrivals.store(database, CLOCK);
    cases = new CaseStore(database, CLOCK);
    results = new ResultStore(database);
    blobs = new Blobs(dir);
    routes = new RoutesInForce(null, null, null, CLOCK);
    ImageSelection selection =
        new ImageSelection(
            Set.of(),
            Set.of(),
            Set.of("PA"),
            ImageSelection.Exclusions.NONE,
            FrameChoice.FIRST,
            object -> object.string(Tags.ImageComments, "").equals("made here"));
    resource =
        new ImagesResource(
            cases,
            results,
            arrivals,
            new CaseRoutes(routes, cases, new RouteStore(database, CLOCK), blobs, selection.own()),
            selection,
            SliceChoice.parse("middle"),
            blobs);
    frames = new FramesResource(cases, results, arrivals, blobs, FrameCache.ofHeap());
  }

  @AfterEach
  void stop() {
    routes.close();
  }

  private static DicomObject image(String study, int n) {
    return DicomFiles.radiograph(study + "." + n)
        .set(Tags.StudyInstanceUID, study)
        .set(Tags.StudyDate, "20240301")
        .set(Tags.SeriesNumber, 1)
        .set(Tags.InstanceNumber, n)
        .set(Tags.PatientID, "P1")
        .set(Tags.IssuerOfPatientID, "HOSPITAL");
  }

  private void received(DicomObject object) throws IOException {
    received(object, blobs.put(DicomFiles.bytes(object)));
  }

  private void received(DicomObject object, String blob) {
    StudyKey study =
        new StudyKey(
            object.string(Tags.StudyInstanceUID),
            null,
            null,
            null,
            object.string(Tags.PatientID),
            object.string(Tags.IssuerOfPatientID));
    arrivals.receive(
        new ReceivedInstance(
            study,
            object.string(Tags.SeriesInstanceUID),
            object.string(Tags.SOPInstanceUID),
            object.string(Tags.SOPClassUID),
            object.string(Tags.Modality),
            object.string(Tags.ViewPosition),
            null,
            "PACS",
            blob));
    TestArrivals.pair(arrivals);
  }

  private Case made(String study) {
    return cases.create(
        new StudyKey(study, null, null, null, null, null), CaseState.DELIVERED, null);
  }

  private JsonNode images(Case c) throws IOException {
    return json(resource.images(c.id().toString())).get("images");
  }

  private static List<String> reasons(JsonNode images) {
    List<String> reasons = new ArrayList<>();
    images.forEach(
        image -> image.get("frames").forEach(frame -> reasons.add(frame.get("reason").asText())));
    return reasons;
  }

  @Test
  void everyImageIsListedInItsOrderWithTheReasonWhyItWasNotAnalysed() throws IOException {
    received(image("1.9", 3).set(Tags.ViewPosition, "LL").set(Tags.ImageLaterality, "L"));
    received(image("1.9", 2).set(Tags.ImageComments, "made here"));
    received(image("1.9", 1).set(Tags.ViewPosition, "PA"));
    received(DicomFiles.made("1.9.4").set(Tags.StudyInstanceUID, "1.9").set(Tags.PatientID, "P1"));
    Case c = made("1.9");
    JsonNode images = images(c);
    assertThat(images.findValuesAsText("sopInstanceUid"))
        .as("without what has no pixels")
        .containsExactly("1.9.1", "1.9.2", "1.9.3");
    assertThat(images.get(2).get("laterality").asText()).isEqualTo("L");
    assertThat(reasons(images))
        .containsExactly(
            "it has no result",
            "it is itself an attribution",
            "view position LL is not configured for attribution");
    JsonNode left = images.get(2).at("/frames/0");
    assertThat(left.get("reasonCode").asText()).isEqualTo("view-position");
    assertThat(left.get("reasonValues")).hasToString("[\"LL\"]");
    JsonNode links = images.get(2).at("/frames/0/links");
    String frame = "/api/cases/" + c.id() + "/images/1.9.3/frames/1";
    assertThat(links.get("frame").asText()).isEqualTo(frame);
    assertThat(links.get("thumbnail").asText()).isEqualTo(frame + "/thumbnail");
  }

  @Test
  void anImageWithResultsSaysSoAndItsOtherFramesNameTheOneThatIsAnalysed() throws IOException {
    SentenceResult result = SampleResults.of(0, "Clear lungs.");
    String uid = result.image().sopInstanceUid();
    received(
        image(SampleResults.STUDY.studyInstanceUid(), 1)
            .set(Tags.SOPInstanceUID, uid)
            .set(Tags.NumberOfFrames, 3));
    Case c = made(SampleResults.STUDY.studyInstanceUid());
    assertThat(reasons(images(c)))
        .containsExactly(
            "it has no result",
            "of this object, frame 1 is to be analysed",
            "of this object, frame 1 is to be analysed");
    results.save(
        new StoredResult(
            result.key().id(),
            c.id(),
            0,
            "0".repeat(64),
            ResultJson.write(result),
            0.5,
            false,
            "",
            "",
            false));
    JsonNode frames = images(c).get(0).get("frames");
    assertThat(frames.findValuesAsText("attributed")).containsExactly("true", "false", "false");
    assertThat(reasons(images(c)))
        .containsExactly(
            "", "of this object, frame 1 is analysed", "of this object, frame 1 is analysed");
  }

  @Test
  void slicesThatWereNotSelectedSaySo() throws IOException {
    for (int n = 1; n <= 3; n++) {
      received(
          image("1.8", n)
              .set(Tags.SOPClassUID, Uids.SLICES.iterator().next())
              .set(Tags.Modality, "CT"));
    }
    assertThat(reasons(images(made("1.8"))))
        .containsExactly(
            "it was not selected from its series (m2ib.images.slices)",
            "it has no result",
            "it was not selected from its series (m2ib.images.slices)");
  }

  @Test
  void aDamagedImageIsListedWithItsProblemAndAMissingFileIsNamed() throws IOException {
    received(image("1.7", 1), blobs.put(new byte[] {1, 2, 3}));
    received(image("1.7", 2).set(Tags.NumberOfFrames, "x"));
    Case c = made("1.7");
    JsonNode images = images(c);
    assertThat(images).hasSize(2);
    for (JsonNode image : images) {
      assertThat(image.get("problem").asText()).isNotEmpty();
      assertThat(image.get("frames")).isEmpty();
    }
    String blob = blobs.put(DicomFiles.bytes(image("1.7", 3)));
    received(image("1.7", 3), blob);
    Files.delete(blobs.path(blob));
    assertProblem(() -> resource.images(c.id().toString()), 500, blob);
  }

  private void prior(Case c, String study, Prior.State state) {
    cases
        .priors()
        .put(c.id(), new Prior(study, "20230301", "CHEST", "DX", "PACS@a:1", state, "", false));
  }

  /** A case, and an earlier study that the rule chose. */
  private Case withPrior(String patient, String issuer) throws IOException {
    received(image("1.9", 1));
    DicomObject earlier = image("1.5", 1).set(Tags.StudyDate, "20230301");
    received(
        issuer == null
            ? earlier.set(Tags.PatientID, patient).remove(Tags.IssuerOfPatientID)
            : earlier.set(Tags.PatientID, patient).set(Tags.IssuerOfPatientID, issuer));
    Case c = made("1.9");
    prior(c, "1.5", Prior.State.HELD);
    return c;
  }

  @Test
  void anEarlierStudyOfThePatientIsShownWithItsDateAndHowLongBefore() throws IOException {
    Case c = withPrior("P1", "HOSPITAL");
    JsonNode earlier = json(resource.earlier(c.id().toString(), "1.5"));
    assertThat(earlier.get("studyDate").asText()).isEqualTo("2023-03-01");
    assertThat(earlier.get("daysBefore").asInt()).isEqualTo(366); // a leap year
    JsonNode frame = earlier.at("/images/0/frames/0");
    assertThat(frame.get("reason").asText()).isEmpty();
    assertThat(frame.at("/links/frame").asText())
        .isEqualTo("/api/cases/" + c.id() + "/images/1.5.1/frames/1");
    assertThat(json(frames.get(c.id().toString(), "1.5.1", "1")).get("columns").asInt())
        .isEqualTo(3);
  }

  private void assertNotShown(Case c) {
    assertProblem(
        () -> resource.earlier(c.id().toString(), "1.5"), 409, "is not that of the case's images");
    assertProblem(
        () -> frames.get(c.id().toString(), "1.5.1", "1"), 404, "has no image with this UID");
    assertProblem(
        () -> frames.thumbnail(c.id().toString(), "1.5.1", "1", null),
        404,
        "has no image with this UID");
  }

  @Test
  void aStudyOfAnotherPatientIsNeverShownEvenIfItWasChosen() throws IOException {
    assertNotShown(withPrior("P2", "HOSPITAL"));
  }

  @Test
  void theSameNumberOfAnotherIssuerIsAnotherPatient() throws IOException {
    assertNotShown(withPrior("P1", "CLINIC"));
  }

  @Test
  void whatDoesNotSayWhoseItIsIsNotShown() throws IOException {
    assertNotShown(withPrior("P1", null));
  }

  @Test
  void oneImageOfAnotherPatientHidesItsWholeStudy() throws IOException {
    Case c = withPrior("P1", "HOSPITAL");
    received(image("1.5", 2).set(Tags.PatientID, "P2"));
    assertNotShown(c);
  }

  @Test
  void numbersThatWereMergedAreOfOnePatient() throws IOException {
    Case c = withPrior("P2", "HOSPITAL");
    new PatientAliases(database)
        .put(new PatientId("P2", "HOSPITAL"), new PatientId("P1", "HOSPITAL"), 1);
    assertThat(json(resource.earlier(c.id().toString(), "1.5")).get("images")).hasSize(1);
  }

  @Test
  void onlyStudiesThatWereChosenAndAreHereAreShown() throws IOException {
    Case c = withPrior("P1", "HOSPITAL");
    received(image("1.6", 1));
    String none = "has no earlier study with this UID whose images are here";
    assertProblem(() -> resource.earlier(c.id().toString(), "1.6"), 404, none);
    assertProblem(() -> frames.get(c.id().toString(), "1.6.1", "1"), 404, "no image");
    prior(c, "1.6", Prior.State.REFUSED);
    assertProblem(() -> resource.earlier(c.id().toString(), "1.6"), 404, none);
    assertProblem(() -> frames.get(c.id().toString(), "1.6.1", "1"), 404, "no image");
    assertProblem(() -> resource.earlier("12", "1.5"), 404, "not a UUID");
    assertProblem(() -> resource.images("12"), 404, "not a UUID");
  }

  @Test
  void aStudyWithoutADateIsShownWithoutOne() throws IOException {
    received(image("1.9", 1));
    DicomObject earlier = image("1.5", 1);
    received(earlier.set(Tags.StudyDate, "soon"));
    Case c = made("1.9");
    prior(c, "1.5", Prior.State.HELD);
    JsonNode answer = json(resource.earlier(c.id().toString(), "1.5"));
    assertThat(answer.get("studyDate").isNull()).isTrue();
    assertThat(answer.get("daysBefore").isNull()).isTrue();
  }

  @Test
  void aThumbnailHasSquarePixelsAndTheGreysThatTheModelSees() throws IOException {
    received(image("1.9", 1)); // 2 x 3 pixels, twice as high as they are wide; the first is white
    Case c = made("1.9");
    var answer = frames.thumbnail(c.id().toString(), "1.9.1", "1", null);
    assertThat(answer.getMediaType()).hasToString("image/jpeg");
    var picture = ImageIO.read(new ByteArrayInputStream((byte[]) answer.getEntity()));
    assertThat(picture.getHeight()).isEqualTo(112);
    assertThat(picture.getWidth()).isEqualTo(84);
    assertThat(picture.getRaster().getSample(8, 20, 0)).isGreaterThan(230);
    assertThat(picture.getRaster().getSample(76, 92, 0)).isLessThan(25);
    String tag = answer.getHeaderString("ETag");
    assertThat(frames.thumbnail(c.id().toString(), "1.9.1", "1", tag).getStatus()).isEqualTo(304);
    assertProblem(
        () -> frames.thumbnail(c.id().toString(), "1.9.1", "2", null), 404, "no such frame");
  }
}
