package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.m2ib.lab.collage.Collage;
import org.m2ib.lab.collage.CollageSentence;
import org.m2ib.lab.collage.Photograph;
import org.m2ib.metrics.Auc;

/** How well the model tells the photographs that a collage has from those that it has not. */
final class CollageExam implements Exam {
  /** Collages that have a photograph above those that have not; the mean of photographs. */
  static final String PAIR_AUC = "pair AUC";

  /** Photographs that a collage has above those that it has not; the mean of collages. */
  static final String WITHIN_AUC = "within AUC";

  static final long FIRST = 2_000_000_000L;

  private final List<Collage> collages;

  CollageExam(int count) {
    this.collages =
        CollageLessons.make(LongStream.range(FIRST, FIRST + count).toArray(), seed -> 4);
  }

  @Override
  public int images() {
    return collages.size();
  }

  @Override
  public NDArray pixels(NDManager manager, int from, int to) {
    return CollageLessons.pixels(manager, collages.subList(from, to));
  }

  @Override
  public List<String> sentences() {
    return Arrays.stream(Photograph.values()).map(p -> CollageSentence.of(p, 0)).toList();
  }

  @Override
  public Map<String, Double> figures(float[][] cosines) {
    Photograph[] all = Photograph.values();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(
        PAIR_AUC,
        IntStream.range(0, all.length)
            .mapToDouble(s -> area(collages.size(), i -> i, i -> s, cosines))
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN));
    figures.put(
        WITHIN_AUC,
        IntStream.range(0, collages.size())
            .mapToDouble(i -> area(all.length, s -> i, s -> s, cosines))
            .average()
            .orElse(Double.NaN));
    return figures;
  }

  private double area(
      int n, IntUnaryOperator collage, IntUnaryOperator sentence, float[][] cosines) {
    float[] scores = new float[n];
    boolean[] holds = new boolean[n];
    for (int k = 0; k < n; k++) {
      int i = collage.applyAsInt(k);
      int s = sentence.applyAsInt(k);
      scores[k] = cosines[i][s];
      holds[k] = collages.get(i).tiles().contains(Photograph.values()[s]);
    }
    return new Auc(scores, holds).value(k -> 1);
  }
}
