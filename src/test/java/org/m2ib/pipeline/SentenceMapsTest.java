package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.audit.Auditor;
import org.m2ib.base.Logged;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.cases.WaitingWork;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.engine.Precision;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.models.ChosenMethods;
import org.m2ib.models.LoadedModel;
import org.m2ib.report.Sentence;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.SecondaryCapture;

class SentenceMapsTest {
  private static final String TEXT = "Left effusion. Right effusion.";
  private static final List<Sentence> SENTENCES =
      List.of(
          new Sentence(0, "findings", "Left effusion.", 0, 14),
          new Sentence(1, "findings", "Right effusion.", 15, 30));

  @TempDir Path folder;
  private ClipModel model;
  private Attributor m2ib;
  private Blobs blobs;
  private Database database;
  private ResultStore results;
  private Turns turns;
  private Case theCase;
  private ReceivedReport report;
  private boolean interactions;

  @BeforeEach
  void open() {
    model = ClipModel.builtIn();
    m2ib = Methods.m2ib(model, new M2ibSettings(0, 1, 3, 2, 1, "m2ib"));
    blobs = new Blobs(folder);
    database = TestDatabase.h2();
    results = new ResultStore(database);
    StudyKey study = new StudyKey("1.2.3", "A1", null, null, null, null);
    CaseStore cases = new CaseStore(database, Clock.systemUTC());
    theCase = cases.create(study, CaseState.ATTRIBUTING, null);
    Duration hour = Duration.ofHours(1);
    turns =
        new Turns(
            new Turns.Settings(hour, hour),
            cases,
            new WaitingWork(database, Clock.systemUTC()),
            Clock.systemUTC());
    report = TestArrivals.report(study, "R1", ReportStatus.FINAL, TEXT, "rest", TestArrivals.BLOB);
  }

  @AfterEach
  void close() {
    m2ib.close();
    model.close();
  }

  private List<StoredResult> made(Auditor auditor) throws Exception {
    return made(
        auditor, PhantomImage.of(new PhantomGenerator().make(1), new Encoding(false, true)));
  }

  private List<StoredResult> made(Auditor auditor, DicomObject image) throws Exception {
    assertThat(run(auditor, image).failures()).isEmpty();
    return results.of(theCase.id());
  }

  private SentenceMaps.Made run(Auditor auditor, DicomObject image) throws Exception {
    ReceivedInstance received =
        new ReceivedInstance(
            theCase.study(),
            image.string(Tags.SeriesInstanceUID),
            image.requiredString(Tags.SOPInstanceUID),
            image.requiredString(Tags.SOPClassUID),
            null,
            null,
            null,
            null,
            blobs.put(image::write));
    StudyImages images =
        new StudyImages(ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne), blobs);
    SentenceMaps maps =
        new SentenceMaps(
            new LoadedModel(
                "default",
                model,
                new ChosenMethods(List.of(m2ib), interactions),
                new PrecisionChoice("float32", Precision.FLOAT32, null),
                auditor,
                false),
            new SecondaryCapture(9800, "test"),
            new Form(),
            blobs,
            results,
            Clock.systemUTC());
    return maps.make(
        theCase,
        report,
        SENTENCES,
        images.choose(List.of(new Arrival(1, Instant.EPOCH, received, null))),
        turns.begin(theCase));
  }

  @Test
  void aConstantImageGetsNoMapAndTheCaseSaysSoOnce() throws Exception {
    DicomObject image = PhantomImage.of(new PhantomGenerator().make(1), new Encoding(false, true));
    image.remove(Tags.VOILUTSequence);
    image.set(Tags.WindowCenter, 60000.0).set(Tags.WindowWidth, 2.0).set(Tags.RescaleSlope, 1.0);
    try (Auditor auditor = new Auditor(new Auditor.Settings(1, true, 0.1), m2ib)) {
      SentenceMaps.Made made = run(auditor, image);
      assertThat(made.results()).isZero();
      assertThat(made.alarm()).isTrue();
      assertThat(made.failures())
          .singleElement()
          .asString()
          .startsWith("image 1: the model's input is constant")
          .endsWith("no map is made");
      assertThat(results.of(theCase.id())).isEmpty();
    }
  }

  @Test
  void eachResultIsKeptWithItsAuditAndSomeoneIsToLookAtTheOneOfTheWrongSide() throws Exception {
    try (Auditor auditor = new Auditor(new Auditor.Settings(1, true, 0.1), m2ib)) {
      List<StoredResult> made = made(auditor);
      assertThat(made).hasSize(2);
      made.forEach(
          result ->
              assertThat(ResultJson.read(result.body()).audit())
                  .as("audit of %d", result.position())
                  .satisfies(
                      audit -> {
                        assertThat(audit.seedAgreement()).as("other noise").isLessThan(1);
                        assertThat(audit.negationAgreement()).as("the contrary").isLessThan(1);
                        assertThat(result.alarm()).isEqualTo(audit.alarm());
                      }));
      assertThat(made(auditor)).as("made again").isEqualTo(made);
    }
  }

  @Test
  void otherPixelsUnderTheSameIdentifierMakeOtherCapturesAndWithdrawTheOldResults()
      throws Exception {
    DicomObject first = PhantomImage.of(new PhantomGenerator().make(1), new Encoding(false, true));
    DicomObject second = PhantomImage.of(new PhantomGenerator().make(2), new Encoding(false, true));
    second.set(Tags.SOPInstanceUID, first.requiredString(Tags.SOPInstanceUID));
    try (Auditor auditor = new Auditor(new Auditor.Settings(1, true, 0.1), m2ib)) {
      List<String> before = captureUids(made(auditor, first));
      List<StoredResult> all = made(auditor, second);
      assertThat(all).hasSize(4);
      assertThat(all).filteredOn(StoredResult::withdrawn).hasSize(2);
      List<StoredResult> valid = all.stream().filter(r -> !r.withdrawn()).toList();
      assertThat(captureUids(valid)).hasSize(2).doesNotContainAnyElementsOf(before);
      first.set(Tags.PatientName, "Other^Name");
      assertThat(captureUids(made(auditor, first)).subList(0, 2))
          .as("the same pixels under another name")
          .isSubsetOf(captureUids(results.of(theCase.id())));
    }
  }

  @Test
  void theCaptureOfAForcedMapSaysWhatTheObservationSays() throws Exception {
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      for (StoredResult stored : made(auditor)) {
        SentenceResult result = ResultJson.read(stored.body());
        DicomObject capture = DicomObject.read(blobs.path(stored.captureBlob()));
        assertThat(result.forced()).as("the image fits the contrary better").isTrue();
        assertThat(capture.string(Tags.DerivationDescription)).contains(Audit.FORCED + ".");
      }
    }
  }

  private static List<String> captureUids(List<StoredResult> results) {
    return results.stream()
        .map(result -> ResultJson.read(result.body()).capture().sopInstanceUid())
        .toList();
  }

  @Test
  void anAuditThatFailsLosesNoResult() throws Exception {
    Auditor broken = new Auditor(new Auditor.Settings(1, true, 0.1), m2ib);
    broken.close();
    String log = Logged.by(ImageMaps.class, () -> made(broken));
    assertThat(log)
        .contains("maps without an audit", "at org.m2ib.audit.Auditor")
        .doesNotContain("closed");
    List<StoredResult> made = results.of(theCase.id());
    assertThat(made).hasSize(2);
    made.forEach(
        result -> {
          assertThat(ResultJson.read(result.body()).audit()).isNull();
          assertThat(result.alarm()).isFalse();
          assertThat(blobs.path(result.captureBlob())).exists();
        });
  }

  @Test
  void interactionsAreStoredWithTheResultWhereTheyAreAskedForAndChangeNothingElse()
      throws Exception {
    List<StoredResult> before;
    List<StoredResult> made;
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      before = made(auditor);
      interactions = true;
      assertThat(made(auditor)).as("what is there is not made again").isEqualTo(before);
      before.forEach(
          result -> database.with(h -> h.execute("delete from result where id = ?", result.id())));
      made = made(auditor);
      assertThat(made(auditor)).as("made again").isEqualTo(made);
    }
    for (int i = 0; i < before.size(); i++) {
      SentenceResult without = ResultJson.read(before.get(i).body());
      SentenceResult with = ResultJson.read(made.get(i).body());
      assertThat(made.get(i).id()).isEqualTo(before.get(i).id());
      assertThat(made.get(i).pictureBlob()).isEqualTo(before.get(i).pictureBlob());
      assertThat(with.attribution()).usingRecursiveComparison().isEqualTo(without.attribution());
      assertThat(without.interactions()).isNull();
      assertThat(with.interactions().similarity())
          .isCloseTo(with.attribution().similarity(), within(1e-5));
      assertThat(with.interactions().words())
          .extracting(Interactions.Word::text)
          .containsExactly(i == 0 ? "Left" : "Right", "effusion", ".");
      assertThat(with.interactions().words().get(0).map())
          .hasDimensions(with.attribution().rows(), with.attribution().columns());
    }
  }

  private static final class Form implements M2ibConfig.Results {
    @Override
    public int seriesNumber() {
      return 9800;
    }

    @Override
    public int longSide() {
      return 256;
    }

    @Override
    public boolean multiFrame() {
      return false;
    }
  }
}
