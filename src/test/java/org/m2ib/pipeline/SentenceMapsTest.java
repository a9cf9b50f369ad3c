package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.EncodedImage;
import org.m2ib.attribution.EncodedText;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.Method;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.attribution.Relevance;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.audit.Auditor;
import org.m2ib.base.Logged;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.cases.WaitingWork;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.Logistic;
import org.m2ib.engine.Precision;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;
import org.m2ib.models.ChosenMethods;
import org.m2ib.models.LoadedModel;
import org.m2ib.report.Language;
import org.m2ib.report.ReadReport;
import org.m2ib.report.Sentence;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.SecondaryCapture;
import org.m2ib.routes.Handling;

class SentenceMapsTest {
  private static final String TEXT = "Left effusion. Right effusion.";
  private static final List<Sentence> SENTENCES =
      List.of(
          new Sentence(0, "findings", "Left effusion.", 0, 14),
          new Sentence(1, "findings", "Right effusion.", 15, 30));

  @TempDir Path folder;
  private List<Sentence> sentences = SENTENCES;
  private Language language = Language.ENGLISH;
  private boolean multiFrame;
  private ClipModel model;
  private Attributor m2ib;
  private Blobs blobs;
  private Database database;
  private ResultStore results;
  private DiscordanceStore discordances;
  private Turns turns;
  private Case theCase;
  private ReceivedReport report;
  private boolean interactions;
  private Map<String, Coefficients> own = Map.of();

  @BeforeEach
  void open() {
    model = ClipModel.builtIn();
    m2ib = Methods.m2ib(model, new M2ibSettings(0, 1, 3, 2, 1, "m2ib"));
    blobs = new Blobs(folder);
    begin();
  }

  /** A case without results. */
  private void begin() {
    database = TestDatabase.h2();
    results = new ResultStore(database);
    discordances = new DiscordanceStore(database, Clock.systemUTC());
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
    return made(auditor, phantom(1));
  }

  private List<StoredResult> made(Auditor auditor, DicomObject image) throws Exception {
    assertThat(run(auditor, image).failures()).isEmpty();
    return results.of(theCase.id());
  }

  private SentenceMaps.Made run(Auditor auditor, DicomObject image) throws Exception {
    return run(m2ib, auditor, 1, image);
  }

  private ReceivedInstance received(DicomObject image) throws IOException {
    return new ReceivedInstance(
        theCase.study(),
        image.string(Tags.SeriesInstanceUID),
        image.requiredString(Tags.SOPInstanceUID),
        image.requiredString(Tags.SOPClassUID),
        null,
        null,
        null,
        null,
        blobs.put(image::write));
  }

  private SentenceMaps.Made run(
      Attributor attributor, Auditor auditor, int together, DicomObject... all) throws Exception {
    List<Arrival> arrivals = new ArrayList<>();
    for (DicomObject image : all) {
      arrivals.add(new Arrival(arrivals.size() + 1, Instant.EPOCH, received(image), null));
    }
    StudyImages images =
        new StudyImages(
            ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne), SliceChoice.ALL, blobs);
    SentenceMaps maps =
        new SentenceMaps(
            new LoadedModel(
                "default",
                model,
                new ChosenMethods(List.of(attributor), interactions),
                new PrecisionChoice("float32", Precision.FLOAT32, null),
                auditor,
                false),
            new SecondaryCapture(9800, "test"),
            new Form(),
            blobs,
            results,
            new CaseDiscordances(discordances, Clock.systemUTC(), own),
            Clock.systemUTC(),
            together);
    ReadReport read =
        new ReadReport(
            language,
            sentences.stream().map(s -> new ReadReport.Part(s, "", "")).toList(),
            List.of(),
            List.of(),
            List.of());
    return maps.make(
        theCase,
        report,
        read,
        images.choose(arrivals, Handling.CONFIGURED.images()),
        turns.begin(theCase));
  }

  @Test
  void theSitesOwnCoefficientsTakeThePlaceOfThePrograms() throws Exception {
    Coefficients programs = Coefficients.of(model.card().hash()).orElseThrow();
    Map<Kind, Logistic> sure = new EnumMap<>(programs.kinds());
    sure.replaceAll((kind, of) -> new Logistic(List.of(), List.of(), List.of(), 1.25));
    own =
        Map.of(
            programs.model(),
            new Coefficients(
                programs.model(),
                programs.made(),
                programs.sentences(),
                programs.seen(),
                programs.left(),
                programs.zone(),
                sure,
                null));
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      made(auditor);
    }
    assertThat(discordances.of(theCase.id()))
        .isNotEmpty()
        .allMatch(one -> one.logOdds() == 1.25)
        .allMatch(one -> !one.body().contains("text-only"));
  }

  @Test
  void discordancesAreStoredBesideTheResultsAndKeepTheirJudgement() throws Exception {
    Finding right = new Finding(FindingType.EFFUSION, PhantomSide.RIGHT, Zone.NONE);
    DicomObject image =
        PhantomImage.of(new PhantomGenerator().make(5, List.of(right)), Encoding.of(5));
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      made(auditor, image);
      StoredDiscordance first = discordances.of(theCase.id()).get(0);
      assertThat(first.kind()).isEqualTo("side");
      assertThat(first.place()).isZero();
      assertThat(first.image()).isEqualTo(1);
      assertThat(first.logOdds()).isPositive();
      assertThat(first.body())
          .contains("the pleural effusion is on the left; the image fits \\\"right\\\" better.")
          .contains("Left effusion.", "other-side");
      assertThat(discordances.run(theCase.id()).orElseThrow().calibrated()).isTrue();
      discordances.judge(first, "confirmed", "anna");
      made(auditor, image);
      StoredDiscordance again = discordances.of(theCase.id()).get(0);
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.foundAt()).isEqualTo(first.foundAt());
      assertThat(again.verdict()).isEqualTo("confirmed");
    }
  }

  @Test
  void aCaseOfWhichNoSentenceCanBeScoredHasNoHighestScore() throws Exception {
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      made(auditor);
      assertThat(highest()).isBetween(0.0, 1.0);
      begin();
      language = Language.GERMAN;
      sentences = List.of(new Sentence(0, "findings", "Kein Pleuraerguss.", 0, 18));
      made(auditor);
      assertThat(results.of(theCase.id())).hasSize(1);
      assertThat(highest()).isNull();
    }
  }

  private Double highest() {
    return database.with(
        h ->
            h.createQuery("select discordance from cases where id = ?")
                .bind(0, theCase.id())
                .map((row, context) -> (Double) row.getObject(1))
                .one());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          1, 64, '2 2 2'
          2, 64, '4 2'
          3, 64, '6'
          3, 3, '3 3'
          9, 1, '1 1 1 1 1 1'
          """)
  void sentencesOfAsManyImagesAsAllowedShareABatchAndTheirResultsStay(
      int together, int batchSize, String batches) throws Exception {
    DicomObject[] images = {phantom(1), phantom(2), phantom(3)};
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      assertThat(run(m2ib, auditor, 1, images).results()).isEqualTo(6);
      List<StoredResult> alone = results.of(theCase.id());
      begin();
      List<Integer> sizes = new ArrayList<>();
      try (Attributor counted = counted(sizes, batchSize)) {
        SentenceMaps.Made made = run(counted, auditor, together, images);
        assertThat(made.failures()).isEmpty();
        assertThat(made.results()).isEqualTo(6);
        assertThat(sizes).extracting(String::valueOf).containsExactly(batches.split(" "));
        List<StoredResult> batched = results.of(theCase.id());
        assertThat(batched).extracting(StoredResult::id).isEqualTo(ids(alone));
        for (int i = 0; i < alone.size(); i++) {
          assertSameMap(batched.get(i), alone.get(i));
        }
        sizes.clear();
        run(counted, auditor, together, images);
        assertThat(sizes).as("made again").isEmpty();
      }
    }
  }

  @Test
  void anImageThatCannotBeUsedDoesNotDisturbThoseThatRunWithIt() throws Exception {
    DicomObject[] images = {phantom(1), constant(phantom(2)), phantom(3)};
    List<Integer> sizes = new ArrayList<>();
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib);
        Attributor counted = counted(sizes, 64)) {
      SentenceMaps.Made made = run(counted, auditor, 3, images);
      assertThat(made.results()).isEqualTo(4);
      assertThat(made.alarm()).isTrue();
      assertThat(made.failures()).singleElement().asString().startsWith("image 2: ");
      assertThat(sizes).containsExactly(4);
    }
  }

  /** A later run computes only what is missing, with the images that have something missing. */
  @Test
  void whatAnEarlierRunLeftIsNotComputedAgainByImagesThatRunTogether() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib);
        Attributor counted = counted(sizes, 64)) {
      run(counted, auditor, 3, phantom(1), phantom(2));
      List<StoredResult> before = results.of(theCase.id());
      SentenceMaps.Made made =
          run(counted, auditor, 3, phantom(1), phantom(3), phantom(2), phantom(4));
      assertThat(made.results()).isEqualTo(8);
      assertThat(sizes).containsExactly(4, 4);
      assertThat(ids(results.of(theCase.id()))).containsAll(ids(before));
    }
  }

  private static List<UUID> ids(List<StoredResult> results) {
    return results.stream().map(StoredResult::id).toList();
  }

  private static void assertSameMap(StoredResult actual, StoredResult expected) {
    double[][] is = ResultJson.read(actual.body()).attribution().scaled();
    double[][] was = ResultJson.read(expected.body()).attribution().scaled();
    for (int y = 0; y < was.length; y++) {
      assertThat(is[y]).containsExactly(was[y], within(1e-4));
    }
  }

  private static DicomObject constant(DicomObject image) {
    image.remove(Tags.VOILUTSequence);
    return image
        .set(Tags.WindowCenter, 60000.0)
        .set(Tags.WindowWidth, 2.0)
        .set(Tags.RescaleSlope, 1.0);
  }

  private static DicomObject phantom(long seed) {
    return PhantomImage.of(new PhantomGenerator().make(seed), new Encoding(false, true));
  }

  /** M2IB that notes the size of each batch. */
  private Attributor counted(List<Integer> sizes, int batchSize) {
    MethodFactory factory = Methods.named(MethodCard.M2IB);
    return new Attributor(
        model,
        new MethodFactory(
            factory.card(),
            (clip, own, manager) -> new Counted(factory.maker().make(clip, own, manager), sizes)),
        m2ib.settings(),
        batchSize);
  }

  private record Counted(Method method, List<Integer> sizes) implements Method {
    @Override
    public String name() {
      return method.name();
    }

    @Override
    public List<Relevance> of(List<EncodedImage> images, EncodedText text) {
      sizes.add(images.size());
      return method.of(images, text);
    }

    @Override
    public double flops(ImageEncoder image) {
      return method.flops(image);
    }

    @Override
    public double bytesPerSentence() {
      return 1;
    }

    @Override
    public void close() {
      method.close();
    }
  }

  @Test
  void aConstantImageGetsNoMapAndTheCaseSaysSoOnce() throws Exception {
    DicomObject image = constant(phantom(1));
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

  @Test
  void whatWasWithdrawnAndHoldsAgainIsANewObject() throws Exception {
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      List<StoredResult> first = made(auditor);
      assertThat(made(auditor)).as("unchanged").isEqualTo(first);
      results.save(first.get(0).withdraw());

      List<StoredResult> second = made(auditor);

      assertThat(second).noneMatch(StoredResult::withdrawn);
      assertThat(second.get(1)).isEqualTo(first.get(1));
      String uid = captureUids(second).get(0);
      assertThat(uid).isNotEqualTo(captureUids(first).get(0));
      assertThat(rejected(second.get(0))).containsExactly(captureUids(first).get(0));
      assertThat(
              DicomObject.read(blobs.path(second.get(0).captureBlob())).string(Tags.SOPInstanceUID))
          .isEqualTo(uid);
      assertThat(made(auditor)).as("made again").isEqualTo(second);

      results.save(second.get(0).withdraw());
      List<StoredResult> third = made(auditor);
      assertThat(rejected(third.get(0))).containsExactly(captureUids(first).get(0), uid);
      assertThat(captureUids(third).get(0)).isNotIn(captureUids(first).get(0), uid);
    }
  }

  @Test
  void aCaptureOfManyFramesIsReplacedWhereOneOfItsSentencesIsNot() throws Exception {
    multiFrame = true;
    try (Auditor auditor = new Auditor(new Auditor.Settings(0, false, 0.1), m2ib)) {
      List<StoredResult> both = made(auditor);
      String old = captureUids(both).get(0);
      assertThat(captureUids(both)).containsExactly(old, old);
      sentences = SENTENCES.subList(0, 1);
      List<StoredResult> one = made(auditor);
      assertThat(one).extracting(StoredResult::withdrawn).containsExactly(false, true);
      assertThat(rejected(one.get(0))).containsExactly(old);
      String alone = captureUids(one).get(0);
      assertThat(made(auditor)).as("made again").isEqualTo(one);
      sentences = SENTENCES;
      List<StoredResult> again = made(auditor);
      assertThat(captureUids(again)).doesNotContain(old, alone);
      assertThat(rejected(again.get(0))).containsExactly(old, alone);
      assertThat(rejected(again.get(1))).containsExactly(old);
      multiFrame = false;
      List<StoredResult> single = made(auditor);
      assertThat(captureUids(single)).doesNotHaveDuplicates();
      assertThat(rejected(single.get(1))).containsExactly(old, captureUids(again).get(1));
    }
  }

  private static List<String> rejected(StoredResult result) {
    return ResultJson.read(result.body()).capture().rejected().stream()
        .map(SentenceResult.Capture::sopInstanceUid)
        .toList();
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

  private final class Form implements M2ibConfig.Results {
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
      return multiFrame;
    }
  }
}
