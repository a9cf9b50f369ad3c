package org.m2ib.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.results.Audit;
import org.m2ib.results.MadeResults;
import org.m2ib.results.MapLocation;

/** The built-in model on a phantom with a nodule on the right and an effusion on the left. */
class AuditorTest {
  private static final Auditor.Settings ALONE = new Auditor.Settings(0, false, 0.1);
  private static final String EFFUSION = "There is a left pleural effusion.";
  private static final int SIZE = PhantomGenerator.SIZE;

  private static ClipModel model;
  private static M2ibSettings settings;
  private static Attributor m2ib;

  @BeforeAll
  static void load() {
    model = ClipModel.builtIn();
    settings = M2ibSettings.of(model.chosen());
    m2ib = Methods.m2ib(model, settings);
  }

  @AfterAll
  static void close() {
    m2ib.close();
    model.close();
  }

  private static DisplayImage phantom() {
    return phantom(1);
  }

  private static DisplayImage phantom(long seed) {
    Phantom phantom =
        new PhantomGenerator()
            .make(
                seed,
                List.of(
                    new Finding(FindingType.NODULE, PhantomSide.RIGHT, Zone.UPPER),
                    new Finding(FindingType.EFFUSION, PhantomSide.LEFT, Zone.NONE)));
    return new DisplayImage(SIZE, SIZE, 1, phantom.pixels());
  }

  /** With a bright L burned into the air in the picture's upper right corner. */
  private static DisplayImage marked() {
    DisplayImage image = phantom();
    for (int y = 8; y < 26; y++) {
      for (int x = SIZE - 24; x < SIZE - 12; x++) {
        if (x < SIZE - 20 || y >= 22) {
          image.values()[y * SIZE + x] = 1;
        }
      }
    }
    return image;
  }

  /** Hot in one patch of the model's grid. */
  private static double[][] hot(int row, int column) {
    double[][] bits = new double[model.image().gridRows()][model.image().gridColumns()];
    bits[row][column] = 2;
    return bits;
  }

  private static List<Audit> audits(
      Auditor.Settings settings,
      Attributor attributor,
      DisplayImage image,
      List<String> sentences,
      List<double[][]> forced) {
    return audits(settings, attributor, image, Language.ENGLISH, sentences, forced);
  }

  private static List<Audit> audits(
      Auditor.Settings settings,
      Attributor attributor,
      DisplayImage image,
      Language report,
      List<String> sentences,
      List<double[][]> forced) {
    ModelInput input = model.preprocessor().apply(image);
    try (Auditor auditor = new Auditor(settings, attributor);
        PreparedImage prepared = attributor.prepare(input);
        Auditor.OneImage one = auditor.prepare(image, input, prepared, report)) {
      List<Attribution> maps =
          forced.isEmpty()
              ? prepared.attribute(sentences)
              : forced.stream().map(MadeResults::attribution).toList();
      List<MapLocation> places = new ArrayList<>();
      maps.forEach(map -> places.add(MapLocation.of(map.scaled(), input.geometry(), "L\\F")));
      return one.of(sentences, maps.stream().map(map -> List.of(map)).toList(), places);
    }
  }

  private static Audit forced(DisplayImage image, double[][] bits) {
    return audits(ALONE, m2ib, image, List.of(EFFUSION), List.<double[][]>of(bits)).get(0);
  }

  @Test
  void aMapOnABurnedInMarkerRaisesTheAlarmAndOneOnTheChestDoesNot() {
    int last = model.image().gridColumns() - 1;
    Audit onMarker = forced(marked(), hot(0, last));
    assertThat(onMarker.shareOnText()).isGreaterThan(0.2);
    assertThat(onMarker.shareOutsideBody()).isGreaterThan(0.9);
    assertThat(onMarker.shortcut()).isTrue();
    assertThat(onMarker.alarm()).isTrue();
    assertThat(onMarker.entropy()).isZero();

    Audit onChest = forced(marked(), hot(last / 2, last * 3 / 4));
    assertThat(onChest.shareOnText()).isLessThan(0.01);
    assertThat(onChest.shareOutsideBody()).isLessThan(0.1);
    assertThat(onChest.shortcut()).isFalse();
    assertThat(onChest.sameSide()).isTrue();
    assertThat(onChest.alarm()).isFalse();

    assertThat(forced(phantom(), hot(0, last)).shortcut()).as("without the marker").isFalse();
  }

  @Test
  void theLimitOfTheAlarmIsTheOneThatIsSet() {
    int last = model.image().gridColumns() - 1;
    double share = forced(marked(), hot(0, last)).shareOnText();
    for (double off : List.of(-0.01, 0.01)) {
      Auditor.Settings limit = new Auditor.Settings(0, false, share + off);
      Audit audit =
          audits(limit, m2ib, marked(), List.of(EFFUSION), List.<double[][]>of(hot(0, last)))
              .get(0);
      assertThat(audit.shortcut()).isEqualTo(off < 0);
    }
  }

  @Test
  void ofAFlatMapNoShareAndNoAgreementIsSaid() {
    double[][] flat = new double[model.image().gridRows()][model.image().gridColumns()];
    Auditor.Settings one = new Auditor.Settings(1, false, 0.1);
    Audit audit = audits(one, m2ib, marked(), List.of(EFFUSION), List.<double[][]>of(flat)).get(0);
    assertThat(audit.entropy()).isEqualTo(1);
    assertThat(audit.shareOutsideBody()).isNull();
    assertThat(audit.shareOnText()).isNull();
    assertThat(audit.shortcut()).isFalse();
    assertThat(audit.sameSide()).isNull();
    assertThat(audit.seedAgreement()).isNull();
  }

  @Test
  void aSentenceWithTheWrongSideIsFoundAndTheTrueOneIsNot() {
    List<Audit> audits =
        audits(
            ALONE,
            m2ib,
            phantom(),
            List.of(
                "There is a right nodule.",
                "There is a left nodule.",
                "There is a nodule.",
                "Bilateral nodules."),
            List.of());
    assertThat(audits)
        .extracting(Audit::sentenceSide)
        .containsExactly("right", "left", "none", "both");
    assertThat(audits).extracting(Audit::sameSide).containsExactly(true, false, null, null);
    assertThat(audits)
        .extracting(Audit::alarm)
        .containsExactly(false, true, false, true); // of two nodules one is not there
    assertThat(audits).extracting(Audit::seedAgreement).containsOnlyNulls();
    assertThat(audits).extracting(Audit::negationAgreement).containsOnlyNulls();
  }

  @Test
  void aSentenceIsCheckedInItsLanguageAndNotAtAllInOneThatIsNotUnderstood() {
    List<String> sentences =
        List.of(
            "Rundherd links.",
            "Ohne Infiltration links.",
            "There is no effusion on the left.",
            "Ingen vätska i höger lunga, inga förändringar.");
    Auditor.Settings negation = new Auditor.Settings(0, true, 0.1);
    for (Language report : List.of(Language.GERMAN, Language.UNDETERMINED)) {
      boolean german = report == Language.GERMAN;
      List<Audit> audits = audits(negation, m2ib, phantom(), report, sentences, List.of());
      assertThat(audits)
          .extracting(Audit::language)
          .containsExactly(german ? "de" : "und", german ? "de" : "und", "en", "und");
      assertThat(audits)
          .extracting(Audit::sentenceSide)
          .containsExactly(german ? "left" : null, german ? "left" : null, "left", null);
      assertThat(audits.get(0).otherSide() != null).isEqualTo(german);
      assertThat(audits.get(1).otherSide()).isNull();
      assertThat(audits.get(1).sameSide()).isNull();
      assertThat(audits.get(2).contrary()).isNotNull();
      assertThat(audits.get(3).otherSide()).isNull();
      assertThat(audits.get(3).sameSide()).isNull();
      for (int i : List.of(0, 1, 3)) {
        assertThat(audits.get(i).contrary()).isNull();
        assertThat(audits.get(i).negationAgreement()).isNull();
      }
    }
  }

  @Test
  void whatTheSentenceDoesNotSayIsAnAlarmWhereItFitsBetter() {
    List<String> sentences =
        List.of(
            "No left pleural effusion.", // it is there
            "There is a left pleural effusion.",
            "There is a right pleural effusion.",
            "Findings suggest a nodule.");
    List<Audit> audits;
    try (Attributor quick = Methods.attributor(model, "grad-eclip", settings)) {
      audits = audits(ALONE, quick, phantom(), sentences, List.of()); // by similarities alone
    }
    assertThat(audits.get(0).contrary().text()).isEqualTo("Left pleural effusion.");
    assertThat(audits.get(0).contrary().fitsBetter()).isTrue();
    assertThat(audits.get(0).otherSide()).as("of a denial").isNull();
    assertThat(audits.get(1).contrary().fitsBetter()).isFalse();
    assertThat(audits.get(1).otherSide().text()).isEqualTo("There is a right pleural effusion.");
    assertThat(audits.get(1).otherSide().fitsBetter()).isFalse();
    assertThat(audits.get(2).otherSide().text()).isEqualTo("There is a left pleural effusion.");
    assertThat(audits.get(2).otherSide().fitsBetter()).isTrue();
    assertThat(audits.get(3).contrary()).isNull();
    assertThat(audits.get(3).otherSide()).isNull();
    assertThat(audits).extracting(Audit::alarm).containsExactly(true, false, true, false);
    assertThat(audits.get(0).alarms()).containsExactly(Audit.Alarm.CONTRARY);
    assertThat(audits.get(2).alarms())
        .containsExactly(Audit.Alarm.CONTRARY, Audit.Alarm.OTHER_SIDE);
    try (PreparedImage prepared = m2ib.prepare(model.preprocessor().apply(phantom()))) {
      assertThat(audits.get(0).contrary().similarity())
          .isCloseTo(prepared.similarity("Left pleural effusion."), within(1e-5));
    }
  }

  /** Seed 1: the nodule draws the map of the effusion's sentence to the other side. */
  @ParameterizedTest
  @ValueSource(longs = {1, 5, 7})
  void aTrueSentenceHasNoAlarmWhereItsSideFitsBetterWhereverItsMapLies(long seed) {
    List<String> sentences = List.of(EFFUSION, "No right pleural effusion.", "No pneumothorax.");
    try (Attributor quick = Methods.attributor(model, "grad-eclip", settings)) {
      List<Audit> audits = audits(ALONE, quick, phantom(seed), sentences, List.of());
      assertThat(audits.get(0).otherSide().fitsBetter()).isFalse();
      assertThat(audits).allSatisfy(audit -> assertThat(audit.alarms()).isEmpty());
    }
    if (seed == 1) {
      Audit audit = audits(ALONE, m2ib, phantom(seed), List.of(EFFUSION), List.of()).get(0);
      assertThat(audit.sameSide()).isFalse();
      assertThat(audit.alarms()).isEmpty();
    }
  }

  @Test
  void aMapOnTheOtherSideIsAnAlarmWhereTheModelCannotBeAskedWhichSideFits() {
    int last = model.image().gridColumns() - 1;
    Audit audit =
        audits(
                ALONE,
                m2ib,
                phantom(),
                List.of("RML nodule."), // the left lung has no middle lobe
                List.<double[][]>of(hot(last / 2, last * 3 / 4)))
            .get(0);
    assertThat(audit.otherSide()).isNull();
    assertThat(audit.sameSide()).isFalse();
    assertThat(audit.alarms()).contains(Audit.Alarm.MAP_SIDE);
  }

  @Test
  void aDenialHasNoSideToPointTo() {
    int last = model.image().gridColumns() - 1;
    Audit denial =
        audits(
                ALONE,
                m2ib,
                phantom(),
                List.of("No right pleural effusion."),
                List.<double[][]>of(hot(last / 2, last * 3 / 4)))
            .get(0);
    assertThat(denial.sameSide()).isNull();
  }

  @Test
  void agreementIsTheRankCorrelationWithOtherNoiseAndWithTheContrary() {
    List<String> sentences =
        List.of("Findings suggest a nodule.", EFFUSION, "No pneumothorax."); // the first has none
    M2ibSettings few =
        new M2ibSettings(
            settings.layer(),
            settings.beta(),
            settings.steps(),
            1, // so that noise matters
            settings.learningRate(),
            settings.seed());
    ModelInput input = model.preprocessor().apply(phantom());
    List<String> contraries = List.of("There is no left pleural effusion.", "Pneumothorax.");
    try (Attributor m2ib = Methods.m2ib(model, few);
        PreparedImage prepared = m2ib.prepare(input)) {
      List<Audit> audits =
          audits(new Auditor.Settings(2, true, 0.1), m2ib, phantom(), sentences, List.of());
      List<double[][]> maps = prepared.maps(sentences);
      for (int i = 0; i < sentences.size(); i++) {
        double sum = 0;
        for (int n = 1; n <= 2; n++) {
          try (Attributor other =
              Methods.m2ib(model, few.withSeed(settings.seed() + "/audit-" + n))) {
            double[][] map = other.attribute(input, sentences.get(i)).map();
            sum += RankCorrelation.spearman(maps.get(i), map);
          }
        }
        assertThat(audits.get(i).seedAgreement()).isCloseTo(sum / 2, within(1e-3));
        assertThat(audits.get(i).seedAgreement()).isLessThan(0.9995);
      }
      assertThat(audits.get(0).negationAgreement()).isNull();
      for (int i = 1; i < sentences.size(); i++) {
        double expected =
            RankCorrelation.spearman(maps.get(i), prepared.map(contraries.get(i - 1)));
        assertThat(audits.get(i).negationAgreement()).isCloseTo(expected, within(1e-3));
      }
    }
  }

  @Test
  void agreementBetweenMethodsIsTheRankCorrelationWithEachOneBeside() {
    ModelInput input = model.preprocessor().apply(phantom());
    try (Auditor auditor = new Auditor(ALONE, m2ib);
        Attributor chefer = Methods.attributor(model, "chefer", settings);
        Attributor centre = Methods.attributor(model, "centre", settings);
        PreparedImage prepared = m2ib.prepare(input);
        Auditor.OneImage one = auditor.prepare(phantom(), input, prepared, Language.ENGLISH)) {
      Attribution map = prepared.attribute(EFFUSION);
      Attribution first = chefer.attribute(input, EFFUSION);
      Attribution second = centre.attribute(input, EFFUSION);
      MapLocation place = MapLocation.of(map.scaled(), input.geometry(), "L\\F");
      Audit audit =
          one.of(List.of(EFFUSION), List.of(List.of(map, first, second)), List.of(place)).get(0);
      assertThat(audit.methodAgreement())
          .containsExactly(
              Map.entry("chefer", RankCorrelation.spearman(map.map(), first.map())),
              Map.entry("centre", RankCorrelation.spearman(map.map(), second.map())));
    }
  }

  @Test
  void aMethodWithoutNoiseHasNoAgreementWithOtherNoise() {
    try (Attributor gradEclip = Methods.attributor(model, "grad-eclip", settings)) {
      Auditor.Settings both = new Auditor.Settings(1, true, 0.1);
      Audit audit = audits(both, gradEclip, phantom(), List.of(EFFUSION), List.of()).get(0);
      assertThat(audit.seedAgreement()).isNull();
      String contrary = Negation.of(EFFUSION, Language.ENGLISH).orElseThrow();
      ModelInput input = model.preprocessor().apply(phantom());
      try (PreparedImage prepared = gradEclip.prepare(input)) {
        assertThat(audit.negationAgreement())
            .isCloseTo(
                RankCorrelation.spearman(prepared.map(EFFUSION), prepared.map(contrary)),
                within(1e-6));
      }
    }
  }

  @Test
  void settingsThatCannotBeAreNamed() {
    assertThatThrownBy(() -> new Auditor.Settings(-1, true, 0.1))
        .hasMessage("m2ib.audit.seeds = -1: must be 0 to 10");
    assertThatThrownBy(() -> new Auditor.Settings(11, true, 0.1)).hasMessageContaining("0 to 10");
    for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Auditor.Settings(1, true, share))
          .hasMessage("m2ib.audit.shortcut-share = " + share + ": must be 0 to 1");
    }
  }
}
