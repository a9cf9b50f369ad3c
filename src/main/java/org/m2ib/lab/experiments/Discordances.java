package org.m2ib.lab.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;

/**
 * The discordance finder on phantoms: fits its coefficients, and measures it on made errors.
 *
 * @param coefficients fitted, or those given
 * @param rows figures by kind
 * @param calibration of finder and control, see {@link DiscordanceFigures#calibration}
 */
public record Discordances(
    Coefficients coefficients,
    List<DiscordanceFigures.Row> rows,
    Map<String, List<Double>> calibration) {

  /** First seed of the phantoms of the fit, apart from those of every evaluation and training. */
  public static final long FIRST_SEED = 1_500_000_000;

  /**
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
      DiscordanceBenchmark benchmark = new DiscordanceBenchmark(tested);
      DiscordanceBenchmark.Scores finder = benchmark.finder(used);
      DiscordanceBenchmark.Scores control = benchmark.control(fitted);
      Map<String, List<Double>> calibration = new LinkedHashMap<>();
      calibration.put("finder", DiscordanceFigures.calibration(finder));
      calibration.put("text only", DiscordanceFigures.calibration(control));
      return new Discordances(
          used, DiscordanceFigures.of(finder, control, test, seed), calibration);
    } finally {
      progress.end();
    }
  }
}
