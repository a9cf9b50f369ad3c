package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.lab.phantom.Zone;

/**
 * The sentences of one training step. For each image: one about one of its findings (or any), the
 * same with another side or zone, which is hard to tell from it, and a random one, often a denial.
 */
final class Questions {
  private static final FindingType[] TYPES = FindingType.values();

  private final RandomGenerator random;
  private final Dictation dictation;

  Questions(RandomGenerator random) {
    this.random = random;
    this.dictation = new Dictation(random);
  }

  /**
   * @param pictures the findings of each
   */
  List<PhantomSentence> about(List<List<Finding>> pictures) {
    List<PhantomSentence> sentences = new ArrayList<>();
    for (List<Finding> findings : pictures) {
      Finding finding = vague(findings.isEmpty() ? any() : randomOf(findings));
      sentences.add(dictation.say(new Statement(finding, false)));
      sentences.add(dictation.say(new Statement(twin(finding), false)));
      boolean denied = random.nextFloat() < 0.4f;
      Finding other = any();
      sentences.add(
          dictation.say(
              new Statement(
                  denied && random.nextFloat() < 0.7f ? plain(other) : vague(other), denied)));
    }
    return sentences;
  }

  static List<String> texts(List<PhantomSentence> sentences) {
    return sentences.stream().map(PhantomSentence::text).toList();
  }

  /**
   * @param pictures the findings of each
   * @return (B, N): 1 if the sentence is true of the image
   */
  static NDArray truth(
      NDManager manager, List<List<Finding>> pictures, List<PhantomSentence> sentences) {
    int n = sentences.size();
    float[] truth = new float[pictures.size() * n];
    for (int i = 0; i < truth.length; i++) {
      boolean holds = sentences.get(i % n).statement().trueOf(pictures.get(i / n));
      truth[i] = holds ? 1 : 0;
    }
    return manager.create(truth, new Shape(pictures.size(), n));
  }

  private Finding twin(Finding finding) {
    boolean zone = finding.zone() != Zone.NONE && random.nextFloat() < 0.3f;
    if (zone) {
      Zone[] others = {Zone.UPPER, Zone.MIDDLE, Zone.LOWER};
      return new Finding(finding.type(), finding.side(), others[random.nextInt(3)]);
    }
    return finding.side() == PhantomSide.NONE ? vague(any()) : finding.mirrored();
  }

  private static Finding plain(Finding f) {
    return new Finding(f.type(), PhantomSide.NONE, Zone.NONE);
  }

  /** Reports do not always state zone and side. */
  private Finding vague(Finding f) {
    float chance = random.nextFloat();
    return new Finding(
        f.type(),
        chance < 0.1f ? PhantomSide.NONE : f.side(),
        chance < 0.3f ? Zone.NONE : f.zone());
  }

  private Finding any() {
    return PhantomGenerator.draw(TYPES[random.nextInt(TYPES.length)], random);
  }

  private Finding randomOf(List<Finding> findings) {
    return findings.get(random.nextInt(findings.size()));
  }
}
