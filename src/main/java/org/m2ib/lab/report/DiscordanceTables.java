package org.m2ib.lab.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.m2ib.lab.experiments.DiscordanceCalibration;
import org.m2ib.lab.experiments.DiscordanceFigures;
import org.m2ib.lab.experiments.DiscordanceFigures.Row;
import org.m2ib.lab.experiments.Discordances;
import org.m2ib.lab.statistics.Interval;

/** The tables of docs/discordance.md. */
public final class DiscordanceTables {
  /** Alerts of 1,000 in practice that were right, and the share: Topff 2024. */
  private static final double PUBLISHED = 35.0 / 5289;

  private DiscordanceTables() {}

  /** A table for pairs, one for reports, and the aims. */
  public static String ofPhantoms(List<Row> rows) {
    return figures(rows, "Whole reports") + "\n" + aims(rows);
  }

  /** The same of a data set, without aims, which are set for phantoms. */
  public static String ofData(List<Row> rows) {
    return figures(rows, "All sentences of a study");
  }

  /** Calibration by kind, and times. */
  public static String calibration(Discordances measured) {
    return calibration(measured.calibration()) + "\n" + time(measured.time());
  }

  private static String figures(List<Row> rows, String reports) {
    StringBuilder text = new StringBuilder();
    text.append(
        table(
            rows,
            List.of(
                DiscordanceFigures.PAIRED, DiscordanceFigures.AUROC, DiscordanceFigures.PRECISION),
            "%.3f",
            1));
    text.append("\n%s, in percent:\n\n".formatted(reports));
    List<String> ofReports =
        new ArrayList<>(List.of(DiscordanceFigures.AT_10, DiscordanceFigures.AT_50));
    DiscordanceFigures.PREVALENCES.forEach(p -> ofReports.add(DiscordanceFigures.ppv(p)));
    text.append(table(rows, ofReports, "%.1f", 100));
    return text.toString();
  }

  private static String calibration(List<DiscordanceCalibration> kinds) {
    List<String> heads = new ArrayList<>(List.of("kind"));
    for (int b = 0; b < DiscordanceCalibration.BINS; b++) {
      heads.add(
          "%.1f to %.1f"
              .formatted(
                  b / (double) DiscordanceCalibration.BINS,
                  (b + 1) / (double) DiscordanceCalibration.BINS));
    }
    StringBuilder shares = new StringBuilder(Markdown.head(heads));
    StringBuilder lines =
        new StringBuilder(
            Markdown.head(
                List.of(
                    "kind", "wrong", "true", "slope", "intercept", "mean error", "calibrated")));
    for (DiscordanceCalibration kind : kinds) {
      List<String> cells = new ArrayList<>(List.of(kind.kind().code()));
      for (int b = 0; b < DiscordanceCalibration.BINS; b++) {
        Double share = kind.shares().get(b);
        cells.add(
            share == null
                ? "(%d)".formatted(kind.counts().get(b))
                : String.format(Locale.ROOT, "%.2f (%d)", share, kind.counts().get(b)));
      }
      shares.append(Markdown.row(cells));
      lines.append(
          Markdown.row(
              List.of(
                  kind.kind().code(),
                  String.valueOf(kind.wrong()),
                  String.valueOf(kind.right()),
                  cell(kind.slope(), "%.2f", 1),
                  cell(kind.intercept(), "%.2f", 1),
                  cell(kind.error(), "%.3f", 1),
                  kind.calibrated() ? "yes" : "**no**")));
    }
    return """
    Share of wrong ones by score, wrong and true ones counted as equally many (number of answers; no share of fewer than ten):

    %s
    Calibration line: slope 1 and intercept 0 if calibrated. Mean error: mean distance of score and share.

    %s\
    """
        .formatted(shares, lines);
  }

  private static String time(Discordances.Time time) {
    return String.format(
        Locale.ROOT,
        "Time: the list's sentences %.1f s, once; then for a report median %.1f ms, 99th percentile %.1f ms,"
            + " longest %.1f ms.\n",
        time.list(),
        time.median(),
        time.late(),
        time.longest());
  }

  /**
   * Draws the share of wrong sentences by score, for each kind.
   *
   * @param file a PNG
   */
  public static void plot(Path file, List<DiscordanceCalibration> kinds) throws IOException {
    List<Double> at = new ArrayList<>();
    for (int i = 0; i < DiscordanceCalibration.BINS; i++) {
      at.add((i + 0.5) / DiscordanceCalibration.BINS);
    }
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    kinds.forEach(kind -> curves.put(kind.kind().code(), kind.shares()));
    curves.put("calibrated", at);
    CurvePlot.write(file, "Wrong sentences by score", "score", at, "share that is wrong", curves);
  }

  private static String table(List<Row> rows, List<String> figures, String form, double factor) {
    List<String> heads = new ArrayList<>(List.of("made error", "n", ""));
    heads.addAll(figures);
    StringBuilder text = new StringBuilder(Markdown.head(heads));
    for (Row row : rows) {
      text.append(
          line(row.kind(), String.valueOf(row.n()), "finder", row.finder(), figures, form, factor));
      text.append(line("", "", "text only", row.control(), figures, form, factor));
      text.append(line("", "", "gain", row.gain(), figures, form, factor));
    }
    return text.toString();
  }

  private static String line(
      String kind,
      String n,
      String of,
      Map<String, Interval> values,
      List<String> figures,
      String form,
      double factor) {
    List<String> cells = new ArrayList<>(List.of(kind, n, of));
    figures.forEach(figure -> cells.add(cell(values.get(figure), form, factor)));
    return Markdown.row(cells);
  }

  private static String cell(Interval i, String form, double factor) {
    Function<Double, String> number = v -> String.format(Locale.ROOT, form, factor * v);
    return "%s (%s to %s)"
        .formatted(number.apply(i.value()), number.apply(i.low()), number.apply(i.high()));
  }

  private static String aims(List<Row> rows) {
    StringBuilder text = new StringBuilder(Markdown.head(List.of("aim", "reached", "")));
    for (Row row : rows) {
      double least =
          switch (row.kind()) {
            case "side", "negation" -> 0.97;
            case "false finding", "omitted finding" -> 0.90;
            default -> Double.NaN;
          };
      if (!Double.isNaN(least)) {
        Interval auroc = row.finder().get(DiscordanceFigures.AUROC);
        text.append(
            aim(
                "%s: AUROC at least %.2f".formatted(row.kind(), least),
                cell(auroc, "%.3f", 1),
                auroc.value() >= least));
      }
      if (row.kind().equals(DiscordanceFigures.ALL)) {
        String ppv = DiscordanceFigures.ppv(0.005);
        Interval reached = row.finder().get(ppv);
        text.append(
            aim(
                "%s: %s at least ten times the published %.2f %%"
                    .formatted(row.kind(), ppv, 100 * PUBLISHED),
                cell(reached, "%.1f", 100) + " %",
                reached.value() >= 10 * PUBLISHED));
        Interval gain = row.gain().get(ppv);
        text.append(
            aim(
                "%s: the same above the text-only control by its interval".formatted(row.kind()),
                "gain " + cell(gain, "%.1f", 100),
                gain.low() > 0));
      }
    }
    return text.toString();
  }

  private static String aim(String what, String reached, boolean met) {
    return Markdown.row(List.of(what, reached, met ? "met" : "**NOT MET**"));
  }
}
