package org.m2ib.operations;

import java.util.List;
import java.util.UUID;
import org.m2ib.imaging.PassedOver;

/**
 * What would become of a case, and why.
 *
 * @param caseId null: attributes were tried
 * @param taken the route and what held
 * @param passed the routes before it, and what did not hold
 * @param ignored why the case would not be attributed; null: it would
 * @param images null: attributes were tried, which do not say, or the case would be ignored
 * @param model null: it would be ignored
 * @param method whose maps would be delivered; null: it would be ignored
 */
record RouteTrialAnswer(
    UUID caseId,
    ComparedRoute taken,
    List<ComparedRoute> passed,
    String ignored,
    List<TriedImage> images,
    TriedModel model,
    String method,
    List<TriedSending> destinations) {

  static RouteTrialAnswer of(UUID caseId, RouteTrial.Outcome outcome) {
    return new RouteTrialAnswer(
        caseId,
        ComparedRoute.of(outcome.taken()),
        outcome.passed().stream().map(ComparedRoute::of).toList(),
        outcome.ignored(),
        caseId == null || outcome.ignored() != null
            ? null
            : outcome.images().stream().map(TriedImage::of).toList(),
        outcome.model() == null ? null : TriedModel.of(outcome.model()),
        outcome.method(),
        outcome.destinations().stream()
            .map(each -> new TriedSending(each.destination(), each.address(), each.objects()))
            .toList());
  }

  /**
   * @param line in the file of routes; 0: it is in none
   * @param sopInstanceUid of the image that held, or came closest; null: there is none
   */
  record ComparedRoute(
      String route, int line, String sopInstanceUid, List<ComparedCondition> conditions) {
    private static ComparedRoute of(RouteTrial.Compared compared) {
      return new ComparedRoute(
          compared.route(),
          compared.line(),
          compared.file(),
          compared.checks().stream()
              .map(
                  each ->
                      new ComparedCondition(each.key(), each.wanted(), each.found(), each.holds()))
              .toList());
    }
  }

  /**
   * @param observed the values, or why there is none; may be any field of a message
   */
  record ComparedCondition(String key, String wanted, String observed, boolean holds) {}

  /**
   * @param frame counted from 1; 0: it is not chosen
   * @param reason why it is not chosen; empty: it is
   * @param reasonCode for which a page has words in its language; empty with the reason
   * @param reasonValues what these words name, in their order
   */
  record TriedImage(
      String sopInstanceUid,
      boolean chosen,
      int frame,
      String reason,
      String reasonCode,
      List<String> reasonValues) {
    private static TriedImage of(RouteTrial.Image image) {
      PassedOver why = image.why();
      return new TriedImage(
          image.file(),
          image.chosen(),
          image.frame(),
          image.reason(),
          why == null ? "" : why.kind().code(),
          why == null ? List.of() : why.values());
    }
  }

  /**
   * @param by what chooses it
   * @param byCode the same, for which a page has words in its language
   */
  record TriedModel(String name, String by, String byCode) {
    private static TriedModel of(RouteTrial.Model model) {
      return new TriedModel(model.name(), model.by().toString(), model.by().code());
    }
  }

  /**
   * @param objects DICOM objects; else the Bundle or message
   */
  record TriedSending(String destination, String address, List<String> objects) {}
}
