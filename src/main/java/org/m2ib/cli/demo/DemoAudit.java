package org.m2ib.cli.demo;

import java.util.Locale;
import org.m2ib.lab.phantom.FindingPlanes;
import org.m2ib.results.SentenceResult;

/** Describes in words what an audit finds for the false sentence of a demo study. */
final class DemoAudit {
  private DemoAudit() {}

  /**
   * @param result of the false sentence
   * @param instead similarity of the image with the true sentence
   * @param hit whether the map's maximum is on the finding
   */
  static String words(DemoStudy study, SentenceResult result, double instead, boolean hit) {
    double similarity = result.attribution().similarity();
    boolean denied = study.said().statement().denied();
    return String.format(
        Locale.ROOT,
        "%s says \"%s\" %s: similarity %.3f, compared with %.3f for %s %s Its map's maximum lies %s.",
        study.name(),
        study.said().text(),
        denied ? "It is present" : "The other side is right",
        similarity,
        instead,
        denied ? "\"" + study.instead().text() + "\"" : "the other side.",
        similarity < instead
            ? "The model agrees with the image: review the report."
            : "The model does not notice it: review the model.",
        (hit ? "on" : "beside")
            + " the "
            + FindingPlanes.label(study.instead().statement().finding())
            + ", which is present");
  }
}
