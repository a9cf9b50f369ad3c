package org.m2ib.cli.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.m2ib.lab.phantom.FindingPlanes;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.metrics.Pointing;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

/**
 * Prints a study's sentences: where their maps point, where the findings are, and whether the map's
 * maximum is on them ({@link Pointing}). False sentences are marked with {@code !}.
 */
final class DemoTable {
  private static final String FORM = "%1s%3s  %10s  %-17s  %-32s  %-4s  %s%n";

  private final DemoStudy study;
  private final List<Phantom.Located> truth;

  /**
   * @param truth findings in the overlay planes of the study's image
   */
  DemoTable(DemoStudy study, List<Phantom.Located> truth) {
    this.study = study;
    this.truth = truth;
  }

  void print(List<SentenceResult> results, PrintWriter out) {
    out.printf("%n%s: %s%n", study.name(), study.about());
    out.printf(FORM, "", "n", "similarity", "map points", "finding located", "peak", "");
    for (int i = 0; i < results.size(); i++) {
      SentenceResult result = results.get(i);
      Optional<Phantom.Located> finding = finding(stated(result));
      out.printf(
          FORM,
          isFalse(result) ? "!" : "",
          i + 1,
          String.format(Locale.ROOT, "%.3f", result.attribution().similarity()),
          locationOf(result.place()),
          finding.map(f -> FindingPlanes.label(f.finding())).orElse("absent"),
          finding.map(f -> hits(result, f) ? "hit" : "miss").orElse(""),
          result.sentence().text());
    }
  }

  /** The result of the false sentence; empty if all are true. */
  Optional<SentenceResult> wrong(List<SentenceResult> results) {
    return results.stream().filter(this::isFalse).findFirst();
  }

  /** Whether the maximum of a map is on the finding that its sentence describes. */
  boolean hits(SentenceResult result) {
    return finding(stated(result)).map(f -> hits(result, f)).orElse(false);
  }

  private boolean isFalse(SentenceResult result) {
    return !stated(result)
        .statement()
        .trueOf(truth.stream().map(Phantom.Located::finding).toList());
  }

  private PhantomSentence stated(SentenceResult result) {
    return study.report().sentences().stream()
        .filter(sentence -> sentence.text().equals(result.sentence().text()))
        .findFirst()
        .orElseThrow();
  }

  /** The finding of the sentence's type, whatever location the sentence names. */
  private Optional<Phantom.Located> finding(PhantomSentence sentence) {
    return truth.stream()
        .filter(located -> located.finding().type() == sentence.statement().finding().type())
        .findFirst();
  }

  private boolean hits(SentenceResult result, Phantom.Located located) {
    return Pointing.hit(result.attribution().map(), located.mask(), study.phantom().size());
  }

  private static String locationOf(MapLocation location) {
    return location.pointsNowhere() ? "nowhere" : location.patientSide() + " " + location.zone();
  }
}
