package org.m2ib.lab.experiments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.Parts;
import org.m2ib.discordance.StandardFinding;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.experiments.DiscordanceBenchmark.Answer;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.metrics.Similarities;

/**
 * The discordance finder on made errors, beside a control that sees no image.
 *
 * @param coefficients fitted, or those given
 * @param rows figures by made error; none without a control
 * @param calibration by kind
 * @param time what the finder takes beside maps and audit
 * @param counts what of a data set was used, for the head of a table; {@code ""} for phantoms
 * @param failures one line for each image of a data set that could not be read
 */
public record Discordances(
    Coefficients coefficients,
    List<DiscordanceFigures.Row> rows,
    List<DiscordanceCalibration> calibration,
    Time time,
    String counts,
    List<String> failures) {

  /** First seed of the phantoms of the fit, apart from those of every evaluation and training. */
  public static final long FIRST_SEED = 1_500_000_000;

  /**
   * @param list seconds to embed the list's sentences, once for each model and start
   * @param median milliseconds for the correct report of a study, whose embeddings are known
   * @param late the 99th percentile
   * @param longest of all
   */
  public record Time(double list, double median, double late, double longest) {
    static Time of(ClipModel model, double[] milliseconds) {
      Similarities texts = new Similarities(model);
      long start = System.nanoTime();
      StandardFinding.allSentences().forEach(texts::embed);
      double list = (System.nanoTime() - start) / 1e9;
      double[] sorted = milliseconds.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      return new Time(list, sorted[last / 2], sorted[(int) (last * 0.99)], sorted[last]);
    }
  }

  /**
   * On phantoms.
   *
   * @param coefficients null to fit them
   * @param fit number of phantoms of the fit, which the control learns from, too
   * @param test number of phantoms of the test
   * @param seed of the first phantom of the test, and of the bootstrap
   * @param made how, for the coefficients
   * @param progress of the phantoms of both
   */
  public static Discordances of(
      ClipModel model,
      Coefficients coefficients,
      int fit,
      int test,
      long seed,
      Map<String, String> made,
      ProgressListener progress) {
    progress.start(0, fit + test);
    try {
      PhantomSimilarities fitted =
          new PhantomSimilarities(model, FIRST_SEED, fit, progress::advance);
      Coefficients used =
          coefficients == null ? new DiscordanceFit(fitted).fit(model, made) : coefficients;
      PhantomSimilarities tested = new PhantomSimilarities(model, seed, test, progress::advance);
      DiscordanceBenchmark benchmark =
          new DiscordanceBenchmark(tested.sentences(), tested.studies());
      TextControls controls = new TextControls(fitted.studies(), Dictation.words());
      return of(
          model,
          used,
          tested,
          DiscordanceFigures.of(
              benchmark.finder(used), benchmark.control(i -> controls), test, seed),
          seed);
    } finally {
      progress.end();
    }
  }

  private static Discordances of(
      ClipModel model,
      Coefficients used,
      PhantomSimilarities tested,
      List<DiscordanceFigures.Row> rows,
      long seed) {
    DiscordanceBenchmark benchmark = new DiscordanceBenchmark(tested.sentences(), tested.studies());
    List<Answer> answers = benchmark.answers(used);
    answers.addAll(omitted(tested, used));
    return new Discordances(
        used,
        rows,
        DiscordanceCalibration.of(answers, tested.all().size(), seed),
        Time.of(model, benchmark.milliseconds(used)),
        "",
        List.of());
  }

  /** The finder's calibration and time alone, without a control; parameters as above. */
  public static Discordances calibration(
      ClipModel model, Coefficients coefficients, int test, long seed, ProgressListener progress) {
    progress.start(0, test);
    try {
      PhantomSimilarities tested = new PhantomSimilarities(model, seed, test, progress::advance);
      return of(model, coefficients, tested, List.of(), seed);
    } finally {
      progress.end();
    }
  }

  /** Coefficients alone, from phantoms; parameters as above. */
  public static Coefficients fit(
      ClipModel model, int fit, Map<String, String> made, ProgressListener progress) {
    progress.start(0, fit);
    try {
      return new DiscordanceFit(new PhantomSimilarities(model, FIRST_SEED, fit, progress::advance))
          .fit(model, made);
    } finally {
      progress.end();
    }
  }

  /**
   * On a data set, whose sentences count as true. The control learns from its other studies.
   *
   * @param coefficients of the model
   * @param seed of the bootstrap
   * @param progress of the studies
   * @throws IOException if too few sentences can carry an error; the message says what is missing
   */
  public static Discordances of(
      ClipModel model,
      Coefficients coefficients,
      Dataset data,
      long seed,
      ProgressListener progress)
      throws IOException {
    progress.start(0, DataStudies.byStudy(data).size());
    try {
      DataStudies read = new DataStudies(model, data, progress::advance);
      List<JudgedStudy> studies = read.studies();
      DiscordanceBenchmark benchmark = new DiscordanceBenchmark(read.sentences(), studies);
      List<TextControls> controls =
          TextControls.crossFitted(
              studies, TextControl.words(studies.stream().map(JudgedStudy::correct)));
      return new Discordances(
          coefficients,
          DiscordanceFigures.of(
              benchmark.finder(coefficients),
              benchmark.control(controls::get),
              studies.size(),
              seed),
          DiscordanceCalibration.of(benchmark.answers(coefficients), studies.size(), seed),
          Time.of(model, benchmark.milliseconds(coefficients)),
          read.counts(),
          read.failures());
    } finally {
      progress.end();
    }
  }

  /** Findings that no sentence mentions, and those that the phantom has, as if it omitted them. */
  private static List<Answer> omitted(PhantomSimilarities phantoms, Coefficients coefficients) {
    Finder finder = new Finder(coefficients);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < phantoms.all().size(); i++) {
      PhantomSimilarities.Seen phantom = phantoms.all().get(i);
      int cluster = i;
      DiscordanceFit.asIfOmitted(phantom)
          .forEach(
              (finding, shown) -> {
                double seen = phantoms.evidence(phantom, coefficients).seen(finding);
                double logOdds = finder.logOdds(Kind.OMITTED, Map.of(Parts.SEEN, seen));
                answers.add(new Answer(Kind.OMITTED, cluster, shown, logOdds));
              });
    }
    return answers;
  }
}
