package org.m2ib.discordance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.m2ib.report.Language;
import org.m2ib.report.Sentence;

class FinderTest {

  /** An image with a pneumothorax on the right. */
  private static final Evidence RIGHT_PNEUMOTHORAX = evidence(coefficients());

  @Test
  void aWrongSideLeadsAndSaysWhy() {
    Discordance first = found("Left pneumothorax.").get(0);
    assertThat(first.kind()).isEqualTo(Kind.SIDE);
    assertThat(first.reason())
        .isEqualTo(
            "The report says the pneumothorax is on the left; the image fits \"right\" better.");
    assertThat(first.score()).isGreaterThan(0.5);
    assertThat(first.probability(0.005)).isLessThan(first.score());
  }

  @Test
  void theTrueSideIsNotDoubted() {
    assertThat(found("Right pneumothorax.").get(0).score()).isLessThan(0.5);
  }

  @Test
  void aDeniedFindingThatTheImageShowsIsFound() {
    Discordance first = found("No pneumothorax.").get(0);
    assertThat(first.kind()).isEqualTo(Kind.DENIED);
    assertThat(first.reason())
        .isEqualTo("The report denies a pneumothorax; the image supports it.");
  }

  @Test
  void aStatedFindingThatTheImageDoesNotShowIsFound() {
    List<Discordance> found = found("Right pneumothorax.", "Left nodule.");
    assertThat(found.get(0).kind()).isEqualTo(Kind.STATED);
    assertThat(found.get(0).sentence()).isEqualTo(1);
  }

  @Test
  void aFindingThatNoSentenceMentionsIsOmitted() {
    Discordance first = found("No nodule.").get(0);
    assertThat(first.kind()).isEqualTo(Kind.OMITTED);
    assertThat(first.finding()).isEqualTo("pneumothorax");
    assertThat(first.sentence()).isNull();
  }

  @Test
  void nothingIsOmittedByAReportThatIsNotUnderstood() {
    assertThat(
            new Finder(coefficients())
                .of(
                    sentences("Kein Rundherd."),
                    all(1),
                    Language.GERMAN,
                    List.of(image(List.of()))))
        .isEmpty();
  }

  @Test
  void besideAScoreStandsWhatTheTextAloneTells() {
    assertThat(found("Left left-sided pneumothorax.").get(0))
        .satisfies(d -> assertThat(d.kind()).isEqualTo(Kind.SIDE))
        .satisfies(d -> assertThat(d.parts()).containsEntry(Parts.TEXT_ONLY, 2.0));
    assertThat(found("Pneumothorax on the left side.").get(0).parts())
        .containsEntry(Parts.TEXT_ONLY, 1.0);
    Discordance omitted = found("No nodule.").get(0);
    assertThat(omitted.parts()).containsEntry(Parts.TEXT_ONLY, 2.0);
    Discordance denied = found("No pneumothorax.").get(0);
    assertThat(denied.parts()).as("no such control").doesNotContainKey(Parts.TEXT_ONLY);
  }

  @Test
  void theControlDoesNotChangeTheScore() {
    Coefficients with = coefficients();
    Coefficients without =
        new Coefficients(
            "hash",
            Map.of(),
            with.sentences(),
            with.seen(),
            with.left(),
            with.zone(),
            with.kinds(),
            null);
    List<String> text = List.of("Left pneumothorax.");
    List<Double> scores =
        List.of(with, without).stream()
            .map(
                c ->
                    new Finder(c)
                        .of(
                            sentences("Left pneumothorax."),
                            all(1),
                            Language.ENGLISH,
                            List.of(image(text)))
                        .get(0)
                        .logOdds())
            .toList();
    assertThat(scores.get(0)).isEqualTo(scores.get(1));
  }

  @Test
  void withoutCoefficientsThereIsNoScore() {
    List<String> texts = List.of("Left pneumothorax.");
    List<Discordance> found =
        new Finder(null)
            .of(
                sentences("Left pneumothorax."),
                all(1),
                Language.ENGLISH,
                List.of(new Finder.Image(1, evidence(null), fits(texts))));
    assertThat(found).isNotEmpty().allMatch(d -> d.score() == null && d.probability(0.01) == null);
    assertThat(found.get(0).parts()).containsOnlyKeys("contrary", "other-side", "percentile");
  }

  @Test
  void findingsAndImpressionThatDisagreeAreAContradiction() {
    assertContradiction(
        "Left pleural effusion.",
        "No pleural effusion.",
        "Findings and impression contradict each other: the pleural effusion is absent in one,"
            + " present in the other.");
    assertContradiction(
        "Left pleural effusion.",
        "Right pleural effusion.",
        "Findings and impression contradict each other: the pleural effusion is on the left in one,"
            + " on the right in the other.");
    assertContradiction(
        "Small pleural effusion.",
        "Large pleural effusion.",
        "Findings and impression contradict each other: the pleural effusion is slight in one,"
            + " severe in the other.");
    assertContradiction(
        "Nodule in the left upper zone.",
        "Left lower zone nodule.",
        "Findings and impression contradict each other: the nodule is in the upper zone in one,"
            + " in the lower zone in the other.");
  }

  @Test
  void whatCanBothBeTrueIsNoContradiction() {
    assertConsistent("Left pleural effusion.", "No right pleural effusion.");
    assertConsistent("Left pleural effusion.", "Pleural effusion.");
    assertConsistent("Left nodule.", "No new nodule.");
    assertConsistent("Bilateral pleural effusions.", "Left pleural effusion.");
    assertConsistent("Small to moderate effusion.", "Moderate effusion.");
    assertConsistent("No pneumothorax.", "No pneumothorax.");
  }

  private static void assertContradiction(String finding, String impression, String reason) {
    assertThat(rules(finding, impression)).extracting(Discordance::reason).containsExactly(reason);
  }

  private static void assertConsistent(String finding, String impression) {
    assertThat(rules(finding, impression)).isEmpty();
  }

  private static List<Discordance> rules(String finding, String impression) {
    List<Sentence> report =
        List.of(
            new Sentence(0, "findings", finding, 0, finding.length()),
            new Sentence(1, "impression", impression, 0, impression.length()));
    return new Finder(null).of(report, all(2), Language.ENGLISH, List.of());
  }

  private static List<Discordance> found(String... texts) {
    return new Finder(coefficients())
        .of(sentences(texts), all(texts.length), Language.ENGLISH, List.of(image(List.of(texts))));
  }

  private static Finder.Image image(List<String> texts) {
    return new Finder.Image(1, RIGHT_PNEUMOTHORAX, fits(texts));
  }

  private static Map<Integer, SentenceFit> fits(List<String> texts) {
    Map<Integer, SentenceFit> fits = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      fits.put(i, new SentenceFit(0.2, 0.2, 0.2));
    }
    return fits;
  }

  private static Set<Integer> all(int sentences) {
    return IntStream.range(0, sentences).boxed().collect(Collectors.toSet());
  }

  private static List<Sentence> sentences(String... texts) {
    List<Sentence> all = new ArrayList<>();
    for (String text : texts) {
      all.add(new Sentence(all.size(), "findings", text, 0, text.length()));
    }
    return all;
  }

  private static Evidence evidence(Coefficients coefficients) {
    return new Evidence(
        sentence ->
            sentence.startsWith("No ")
                ? sentence.contains("pneumothorax") ? -0.3 : 0.3
                : !sentence.contains("neumothorax") ? -0.3 : sentence.startsWith("Left") ? 0 : 0.5,
        coefficients);
  }

  /** As if every sentence had the same spread, and each score were one part. */
  private static Coefficients coefficients() {
    Map<String, Coefficients.Spread> sentences = new LinkedHashMap<>();
    StandardFinding.allSentences().forEach(s -> sentences.put(s, new Coefficients.Spread(0, 0.1)));
    Map<String, Logistic> seen = new LinkedHashMap<>();
    Map<String, Logistic> left = new LinkedHashMap<>();
    Map<String, Logistic> zone = new LinkedHashMap<>();
    for (StandardFinding finding : StandardFinding.all()) {
      seen.put(finding.code(), of(finding.code(), 1));
      left.put(finding.code(), of("side", 1));
      zone.put(finding.code(), of("zone", 1));
    }
    Map<Kind, Logistic> kinds =
        Map.of(
            Kind.SIDE, of(Parts.ON_SIDE, -1),
            Kind.DEVICE_POSITION, of(Parts.ON_SIDE, -1),
            Kind.LOCATION, of(Parts.IN_ZONE, -1),
            Kind.STATED, of(Parts.SEEN, -1),
            Kind.DENIED, of(Parts.SEEN, 1),
            Kind.OMITTED, of(Parts.SEEN, 1));
    Map<Kind, Logistic> textOnly =
        Map.of(Kind.SIDE, of("left", 1), Kind.OMITTED, of("pneumothorax", 2));
    return new Coefficients("hash", Map.of(), sentences, seen, left, zone, kinds, textOnly);
  }

  private static Logistic of(String feature, double slope) {
    return new Logistic(List.of(feature), List.of(0.0), List.of(slope), 0);
  }
}
