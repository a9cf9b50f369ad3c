package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomReport;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.lab.phantom.Zone;

/**
 * A phantom's correct report, and copies of it with one made error each. The kinds are those of
 * ReXErr that a sentence about a phantom can carry; phantoms have no severity.
 */
public final class MadeErrors {

  /** What was done to the report. */
  public enum Error {
    SIDE("side"),
    NEGATION("negation"),
    FALSE_FINDING("false finding"),
    OMITTED_FINDING("omitted finding"),
    LOCATION("location"),
    DEVICE_POSITION("device position"),
    CONTRADICTION("contradiction");

    private final String words;

    Error(String words) {
      this.words = words;
    }

    /** For a table. */
    public String words() {
      return words;
    }
  }

  /**
   * A report's sentences.
   *
   * @param impression those under that heading, the last ones
   */
  public record Text(List<String> findings, List<String> impression) {
    static Text of(List<PhantomSentence> findings, List<PhantomSentence> impression) {
      return new Text(
          findings.stream().map(PhantomSentence::text).toList(),
          impression.stream().map(PhantomSentence::text).toList());
    }

    List<String> all() {
      return Stream.concat(findings.stream(), impression.stream()).toList();
    }
  }

  /**
   * One made error.
   *
   * @param wrong the sentence that is not true; null for {@link Error#OMITTED_FINDING}
   * @param twin a true sentence of the same form; null if the phantom has none
   * @param report with the error
   * @param image index of the image that it is judged on alone
   */
  public record Made(Error error, String wrong, String twin, Text report, int image) {}

  private final Phantom phantom;
  private final PhantomReport report;
  private final RandomGenerator random;
  private final Dictation dictation;
  private final List<Made> made = new ArrayList<>();

  /** The phantom's seed determines all. */
  public MadeErrors(Phantom phantom) {
    this.phantom = phantom;
    this.report = PhantomReport.of(phantom, phantom.seed());
    this.random = new SplittableRandom(phantom.seed() ^ 0x5deece66dL);
    this.dictation = new Dictation(random);
    List<Phantom.Located> findings = phantom.findings();
    for (int i = 0; i < findings.size(); i++) {
      ofFinding(findings.get(i).finding(), report.findings().get(i));
    }
    ofAbsent();
  }

  /** The correct report. */
  public Text correct() {
    return Text.of(report.findings(), report.impression());
  }

  /** Every one. */
  public List<Made> all() {
    return List.copyOf(made);
  }

  /** At most one of each kind, drawn from all. */
  public List<Made> made() {
    List<Made> shuffled = new ArrayList<>(made);
    Collections.shuffle(shuffled, new Random(phantom.seed()));
    List<Made> one = new ArrayList<>();
    for (Error error : Error.values()) {
      shuffled.stream().filter(m -> m.error() == error).findFirst().ifPresent(one::add);
    }
    return one;
  }

  private void ofFinding(Finding finding, PhantomSentence said) {
    FindingType type = finding.type();
    List<PhantomSentence> others =
        report.findings().stream().filter(s -> s.statement().finding().type() != type).toList();
    List<PhantomSentence> concluded =
        report.impression().stream().filter(s -> s.statement().finding().type() != type).toList();
    PhantomSentence plain = say(placeless(type), false);
    PhantomSentence denial = say(placeless(type), true);
    if (finding.side() != PhantomSide.NONE) {
      replaced(
          type == FindingType.CATHETER ? Error.DEVICE_POSITION : Error.SIDE, said, said.mirrored());
    }
    if (type.zoned()) {
      replaced(Error.LOCATION, said, elsewhere(finding, said));
    }
    add(
        Error.NEGATION,
        denial.text(),
        plain.text(),
        replacing(said, denial),
        concluded.isEmpty() ? List.of(denial) : concluded);
    if (!others.isEmpty()) {
      add(
          Error.OMITTED_FINDING,
          null,
          null,
          others,
          concluded.isEmpty() ? others.subList(0, 1) : concluded);
    }
    List<PhantomSentence> contradicting =
        report.impression().stream()
            .map(s -> s.statement().finding().type() == type ? denial : s)
            .toList();
    add(Error.CONTRADICTION, denial.text(), plain.text(), report.findings(), contradicting);
  }

  /** A finding that neither image nor report has, asserted; a denied one asserted. */
  private void ofAbsent() {
    List<FindingType> absent = new ArrayList<>(Arrays.asList(FindingType.values()));
    report.sentences().forEach(s -> absent.remove(s.statement().finding().type()));
    FindingType type = absent.get(random.nextInt(absent.size()));
    PhantomSentence wrong = say(PhantomGenerator.draw(type, random), false);
    List<PhantomSentence> longer = new ArrayList<>(report.findings());
    longer.add(random.nextInt(longer.size() + 1), wrong);
    int present = phantom.findings().size();
    add(
        Error.FALSE_FINDING,
        wrong.text(),
        present == 0 ? null : report.findings().get(random.nextInt(present)).text(),
        longer,
        report.impression());
    PhantomSentence denied = report.findings().get(present);
    PhantomSentence asserted = say(denied.statement().finding(), false);
    add(
        Error.NEGATION,
        asserted.text(),
        denied.text(),
        replacing(denied, asserted),
        report.impression().stream().map(s -> s.equals(denied) ? asserted : s).toList());
  }

  /** The same words with another zone. */
  private PhantomSentence elsewhere(Finding finding, PhantomSentence said) {
    List<Zone> zones = new ArrayList<>(List.of(Zone.UPPER, Zone.MIDDLE, Zone.LOWER));
    zones.remove(finding.zone());
    Zone zone = zones.get(random.nextInt(2));
    String text =
        said.text()
            .replaceAll(
                "(?i)\\b%s\\b(?= (?:zone|lung))".formatted(word(finding.zone())), word(zone));
    return new PhantomSentence(
        text, new Statement(new Finding(finding.type(), finding.side(), zone), false));
  }

  private static String word(Zone zone) {
    return switch (zone) {
      case UPPER -> "upper";
      case MIDDLE -> "mid";
      default -> "lower";
    };
  }

  private void replaced(Error error, PhantomSentence said, PhantomSentence wrong) {
    add(error, wrong.text(), said.text(), replacing(said, wrong), report.impression());
  }

  private List<PhantomSentence> replacing(PhantomSentence said, PhantomSentence wrong) {
    return report.findings().stream().map(s -> s.equals(said) ? wrong : s).toList();
  }

  private void add(
      Error error,
      String wrong,
      String twin,
      List<PhantomSentence> findings,
      List<PhantomSentence> impression) {
    made.add(new Made(error, wrong, twin, Text.of(findings, impression), 0));
  }

  private PhantomSentence say(Finding finding, boolean denied) {
    return dictation.say(new Statement(finding, denied));
  }

  private static Finding placeless(FindingType type) {
    return new Finding(type, PhantomSide.NONE, Zone.NONE);
  }
}
