package org.m2ib.campaigns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.m2ib.agreement.Coefficient;
import org.m2ib.judging.Choice;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.Stage;
import org.m2ib.judging.Words;

class CampaignReportTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final Campaign campaign = MadeCampaign.of(START);
  private final List<Item> items = new ArrayList<>();
  private final List<Assignment> assignments = new ArrayList<>();
  private final List<Judgement> latestFirst = new ArrayList<>();

  private void item(int number) {
    item(number, 2);
  }

  private void item(int number, int readers) {
    items.add(new Item(number, "alarm", new UUID(1, number), new UUID(2, number), 0, readers));
    campaign.readers().forEach(who -> assignments.add(new Assignment(who, number, number)));
  }

  private void judged(
      int number, String person, Stage stage, boolean arbitration, Map<String, String> answers) {
    Item item = items.get(number - 1);
    latestFirst.add(
        0,
        new Judgement(
            UUID.randomUUID(),
            item.caseId(),
            item.resultId(),
            campaign.scheme(),
            campaign.version(),
            answers,
            stage,
            2,
            arbitration,
            campaign.id(),
            null,
            "",
            person,
            START.plusSeconds(60),
            false));
  }

  private void readings(String ada, String bob) {
    item(items.size() + 1);
    judged(items.size(), "ada", Stage.WITH_MAP, false, Map.of("finding", ada));
    judged(items.size(), "bob", Stage.WITH_MAP, false, Map.of("finding", bob));
  }

  private CampaignReport report(Scheme scheme) {
    return CampaignReport.of(campaign, scheme, items, assignments, latestFirst, Set.of());
  }

  /** Ten sentences: both yes 4, both no 3, one against the other 2 and 1; calculated by hand. */
  @Test
  void coefficientsAreThoseOfACalculationByHandAndTheArbiterChangesTheAnswerNotTheAgreement() {
    for (int i = 0; i < 4; i++) {
      readings("yes", "yes");
    }
    for (int i = 0; i < 3; i++) {
      readings("no", "no");
    }
    readings("yes", "no");
    readings("yes", "no");
    readings("no", "yes");

    for (int round = 0; round < 2; round++) {
      CampaignReport report = report(Schemes.usual().byDefault());
      CampaignReport.QuestionReport finding = report.questions().get(0);
      assertThat(report.differing()).isEqualTo(3);
      assertThat(finding.agreement().percent().value()).isCloseTo(0.7, within(1e-12));
      // by chance 0.6 x 0.5 + 0.4 x 0.5 = 0.5
      assertThat(finding.agreement().cohen().value()).isCloseTo(0.4, within(1e-12));
      // by chance 0.55^2 + 0.45^2 = 0.505
      assertThat(finding.agreement().fleiss().value()).isCloseTo(0.195 / 0.495, within(1e-12));
      // by chance (2 x 0.55 x 0.45) / (3 - 1) = 0.2475
      assertThat(finding.agreement().gwet().value()).isCloseTo(0.4525 / 0.7525, within(1e-12));
      assertThat(finding.agreeing().count()).isEqualTo(round == 0 ? 4 : 5);
      assertThat(finding.agreeing().of()).isEqualTo(round == 0 ? 7 : 9);
      assertThat(report.decided()).isEqualTo(round == 0 ? 0 : 3);
      judged(8, "eve", Stage.WITH_MAP, true, Map.of("finding", "yes", "region", "yes"));
      judged(9, "eve", Stage.WITH_MAP, true, Map.of("finding", "no"));
      judged(10, "eve", Stage.WITH_MAP, true, Map.of("finding", "cannot-tell"));
    }
  }

  private static final Words WORDS = new Words("e", "d");

  private static Question question(String code) {
    return new Question(
        code,
        WORDS,
        WORDS,
        false,
        false,
        List.of(
            new Choice("yes", WORDS, WORDS, true, false),
            new Choice("no", WORDS, WORDS, false, true)));
  }

  @Test
  void aQuestionThatWasNotAskedBeforeTheMapIsNoChangedAnswer() {
    Scheme scheme =
        new Scheme("s", "1", false, WORDS, List.of(question("first"), question("second")));
    item(1, 1);
    item(2, 1);
    judged(1, "ada", Stage.BEFORE_MAP, false, Map.of("first", "no"));
    judged(1, "ada", Stage.WITH_MAP, false, Map.of("first", "yes", "second", "yes"));
    judged(2, "ada", Stage.BEFORE_MAP, false, Map.of("first", "yes", "second", "no"));
    judged(2, "ada", Stage.WITH_MAP, false, Map.of("first", "yes", "second", "yes"));

    CampaignReport report = report(scheme);

    assertThat(report.questions().get(0).changed().count()).isEqualTo(1);
    assertThat(report.questions().get(0).changed().of()).isEqualTo(2);
    assertThat(report.questions().get(1).changed().count()).isEqualTo(1);
    assertThat(report.questions().get(1).changed().of()).isEqualTo(1);
  }

  private static List<Coefficient> all(CampaignReport.Agreements of) {
    return List.of(of.percent(), of.cohen(), of.fleiss(), of.gwet());
  }

  @Test
  void aSentenceThatOneOfTwoReadersJudgedIsInNoFigureUntilTheOtherHasToo() {
    for (int i = 0; i < 4; i++) {
      readings("yes", i < 2 ? "yes" : "no");
    }
    readings("no", "no");
    CampaignReport.QuestionReport pairs = report(Schemes.usual().byDefault()).questions().get(0);
    for (int number = 6; number <= 9; number++) { // ada is ahead of bob
      item(number);
      judged(number, "ada", Stage.BEFORE_MAP, false, Map.of("finding", "no"));
      judged(number, "bob", Stage.BEFORE_MAP, false, Map.of("finding", "no"));
      judged(number, "ada", Stage.WITH_MAP, false, Map.of("finding", "yes"));
    }

    CampaignReport.QuestionReport report = report(Schemes.usual().byDefault()).questions().get(0);

    assertThat(all(report.agreement())).isEqualTo(all(pairs.agreement()));
    assertThat(all(report.beforeMap())).isEqualTo(all(pairs.beforeMap()));
    assertThat(report.changed()).isEqualTo(pairs.changed());
    String csv = CampaignCsv.of(Schemes.usual().byDefault(), items, latestFirst);
    assertThat(csv.lines().filter(line -> line.endsWith(",true"))).hasSize(10);
    assertThat(csv.lines().filter(line -> line.endsWith(",false"))).hasSize(12);

    judged(6, "bob", Stage.WITH_MAP, false, Map.of("finding", "no"));

    report = report(Schemes.usual().byDefault()).questions().get(0);
    assertThat(all(report.agreement())).extracting(Coefficient::subjects).containsOnly(6);
    assertThat(report.beforeMap().percent().subjects()).isEqualTo(1);
    assertThat(report.changed().count()).isEqualTo(1);
    assertThat(report.changed().of()).isEqualTo(2);
  }

  /** Of a sentence whose finding one reader denies, that reader is not asked for the region. */
  @Test
  void aQuestionThatOneOfTwoReadersAnsweredHasNoPartOfTheAgreement() {
    item(1);
    item(2);
    item(3);
    for (int number = 1; number <= 3; number++) {
      Map<String, String> yes =
          Map.of("finding", "yes", "region", number == 2 ? "wrong-place" : "yes");
      judged(number, "ada", Stage.WITH_MAP, false, yes);
      judged(number, "bob", Stage.WITH_MAP, false, number == 3 ? Map.of("finding", "no") : yes);
    }

    CampaignReport report = report(Schemes.usual().byDefault());

    CampaignReport.Agreements region = report.questions().get(1).agreement();
    assertThat(all(region)).extracting(Coefficient::subjects).containsOnly(2);
    assertThat(region.fleiss().value()).isCloseTo(1, within(1e-12));
    assertThat(region.gwet().value()).isCloseTo(1, within(1e-12));
  }
}
