package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;

/** How well the model tells true from false on held-out phantoms. */
final class PhantomExam implements Exam {
  /**
   * Probability that an image for which a sentence is true fits it better than one for which it is
   * false.
   */
  static final String PAIR_AUC = "pair AUC";

  /** Share of sentences that fit their image better than with the side swapped. */
  static final String SIDE_RIGHT = "side right";

  private final List<PhantomPool.Sample> pictures;
  private final List<PhantomSentence> sentences = new ArrayList<>();
  private final int[] owners;
  private final int[] mirrors;

  PhantomExam(int count) {
    PhantomPool pool = PhantomPool.heldOut(count);
    this.pictures = pool.get(IntStream.range(0, count).toArray());
    Dictation dictation = new Dictation(new SplittableRandom(0));
    List<int[]> pairs = new ArrayList<>(); // owner, index of the sentence's mirror or -1
    for (int i = 0; i < count; i++) {
      for (Finding f : pictures.get(i).findings()) {
        boolean sided = f.side() != PhantomSide.NONE;
        pairs.add(new int[] {i, sided ? sentences.size() + 1 : -1});
        sentences.add(dictation.say(new Statement(f, false)));
        if (sided) {
          pairs.add(new int[] {-1, -1});
          sentences.add(dictation.say(new Statement(f.mirrored(), false)));
        }
      }
    }
    this.owners = pairs.stream().mapToInt(p -> p[0]).toArray();
    this.mirrors = pairs.stream().mapToInt(p -> p[1]).toArray();
  }

  @Override
  public int images() {
    return pictures.size();
  }

  @Override
  public NDArray pixels(NDManager manager, int from, int to) {
    return PhantomLessons.pixels(manager, pictures.subList(from, to), null);
  }

  @Override
  public List<String> sentences() {
    return Questions.texts(sentences);
  }

  @Override
  public Map<String, Double> figures(float[][] cosines) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(PAIR_AUC, pairAuc(cosines));
    figures.put(SIDE_RIGHT, sideRight(cosines));
    return figures;
  }

  private double pairAuc(float[][] cosines) {
    double sum = 0;
    int n = 0;
    for (int s = 0; s < sentences.size(); s++) {
      long above = 0;
      long pairs = 0;
      for (int a = 0; a < cosines.length; a++) {
        if (sentences.get(s).statement().trueOf(pictures.get(a).findings())) {
          for (int b = 0; b < cosines.length; b++) {
            if (!sentences.get(s).statement().trueOf(pictures.get(b).findings())) {
              above += cosines[a][s] > cosines[b][s] ? 1 : 0;
              pairs++;
            }
          }
        }
      }
      if (pairs > 0) {
        sum += (double) above / pairs;
        n++;
      }
    }
    return sum / n;
  }

  private double sideRight(float[][] cosines) {
    int right = 0;
    int n = 0;
    for (int s = 0; s < sentences.size(); s++) {
      if (mirrors[s] >= 0) {
        right += cosines[owners[s]][s] > cosines[owners[s]][mirrors[s]] ? 1 : 0;
        n++;
      }
    }
    return (double) right / n;
  }
}
