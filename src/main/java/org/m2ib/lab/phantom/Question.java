package org.m2ib.lab.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A localisation task for one finding of a phantom, with control sentences.
 *
 * @param located the finding and its mask
 * @param sentence describes it, with side and zone
 * @param otherSide the same with the side swapped; null if the finding has no side
 * @param another about a random finding of another type; true of the image if it has that type
 */
public record Question(
    Phantom.Located located,
    PhantomSentence sentence,
    PhantomSentence otherSide,
    PhantomSentence another) {

  /** One for each finding; the phantom's seed determines the sentences. */
  public static List<Question> of(Phantom phantom) {
    SplittableRandom random = new SplittableRandom(phantom.seed());
    List<Question> questions = new ArrayList<>();
    for (Phantom.Located located : phantom.findings()) {
      Finding finding = located.finding();
      long words = random.nextLong();
      questions.add(
          new Question(
              located,
              say(finding, words),
              finding.side() == PhantomSide.NONE ? null : say(finding.mirrored(), words),
              say(drawOther(phantom, finding.type(), random), random.nextLong())));
    }
    return questions;
  }

  /**
   * All possible statements, for telling true from false: each finding with each side and zone, and
   * each type denied.
   */
  public static List<PhantomSentence> statements(Phantom phantom) {
    SplittableRandom random = new SplittableRandom(~phantom.seed());
    Dictation dictation = new Dictation(random);
    List<PhantomSentence> sentences = new ArrayList<>();
    for (FindingType type : FindingType.values()) {
      for (PhantomSide side :
          type.sided() ? List.of(PhantomSide.RIGHT, PhantomSide.LEFT) : List.of(PhantomSide.NONE)) {
        for (Zone zone : zones(type)) {
          sentences.add(dictation.say(new Statement(new Finding(type, side, zone), false)));
        }
      }
      sentences.add(
          dictation.say(new Statement(new Finding(type, PhantomSide.NONE, Zone.NONE), true)));
    }
    return sentences;
  }

  private static List<Zone> zones(FindingType type) {
    return type.zoned() ? List.of(Zone.UPPER, Zone.MIDDLE, Zone.LOWER) : List.of(Zone.NONE);
  }

  private static Finding drawOther(Phantom phantom, FindingType than, RandomGenerator random) {
    FindingType[] types = FindingType.values();
    int step = 1 + random.nextInt(types.length - 1);
    FindingType type = types[(than.ordinal() + step) % types.length];
    return phantom.findings().stream()
        .map(Phantom.Located::finding)
        .filter(f -> f.type() == type)
        .findFirst()
        .orElseGet(() -> PhantomGenerator.draw(type, random));
  }

  private static PhantomSentence say(Finding finding, long words) {
    return new Dictation(new SplittableRandom(words)).say(new Statement(finding, false));
  }
}
