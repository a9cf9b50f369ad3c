package org.m2ib.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.ClipModel;
import org.m2ib.evaluation.Contest;
import org.m2ib.evaluation.Markdown;
import org.m2ib.evaluation.Tables;
import org.m2ib.evaluation.Watch;
import org.m2ib.evaluation.data.Dataset;

/**
 * Several methods on one data set, from the question to the tables.
 *
 * @param command as it can be given again
 * @param most pictures at most
 * @param out takes methods.jsonl, methods.md, and with a table for each category methods.json and
 *     methods.csv
 */
record ContestRun(
    String command, ClipModel model, M2ibSettings settings, Dataset data, int most, Path out) {

  /**
   * @param err is told what could not be used
   * @return the tables, Markdown
   * @throws IOException when nothing could be asked, or the folder cannot be written
   */
  String run(List<String> methods, int workers, long seed, Watch watch, PrintWriter err)
      throws IOException {
    data.problems().forEach(problem -> err.println("m2ib: " + problem));
    data.leftOut().forEach((reason, n) -> err.println("m2ib: left out, " + reason + ": " + n));
    try (Contest contest = new Contest(model, settings, data, methods, most)) {
      Contest.Outcome outcome = contest.run(out, workers, seed, watch);
      outcome.failures().forEach(failure -> err.println("m2ib: not asked: " + failure));
      if (outcome.comparison() == null) {
        throw new IOException("no example of " + data.name() + " could be asked; see above");
      }
      String text =
          """
          `%s`, %s, %s, %d cores.
          %s: %d pictures; %d examples could not be asked. Model "%s" version %s, SHA-256 `%s`. Layer %d, beta %s, %d steps, \
          %d samples, noise `%s`.

          Where:

          %s
          Faithfulness, and seconds for one map:

          %s"""
              .formatted(
                  command,
                  LocalDate.now(),
                  Machine.processor(),
                  Runtime.getRuntime().availableProcessors(),
                  data.name(),
                  outcome.pictures(),
                  outcome.failures().size(),
                  model.card().name(),
                  model.card().version(),
                  model.card().hash().substring(0, 16),
                  settings.clampedTo(model.image(), model.text()).layer(),
                  settings.beta(),
                  settings.steps(),
                  settings.samples(),
                  settings.seed(),
                  Markdown.of(outcome.comparison().overall(), Contest.WHERE),
                  Markdown.of(outcome.comparison().overall(), Contest.WHY));
      Files.writeString(out.resolve("methods.md"), text);
      Tables.writeJson(out.resolve("methods.json"), about(outcome), outcome.comparison());
      Tables.writeCsv(out.resolve("methods.csv"), outcome.comparison());
      return text;
    }
  }

  private Map<String, Object> about(Contest.Outcome outcome) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("data", data.name());
    about.put("pictures", outcome.pictures());
    about.put("failures", outcome.failures());
    about.put("model", model.card());
    about.put("settings", settings);
    about.put("date", LocalDate.now().toString());
    about.put("processor", Machine.processor());
    return about;
  }
}
