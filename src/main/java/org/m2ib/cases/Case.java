package org.m2ib.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * One study and one report, or one of them while the other is awaited.
 *
 * @param reason explains the state to a person, without patient data; {@code ""} if there is
 *     nothing to explain
 * @param revision counts changes of images, report and requested model; work on an older revision
 *     is out of date
 * @param images whether an image is present
 * @param study its identifiers, those of the study completed from the report
 * @param reportArrival the arrival with its report; null until there is one
 * @param model name of the model that attributes it; null until that has begun, and again when
 *     images or report change
 * @param route the route that it takes; null until it has begun, and without a file of routes
 */
public record Case(
    UUID id,
    CaseState state,
    String reason,
    int revision,
    boolean images,
    StudyKey study,
    Long reportArrival,
    String model,
    ChosenRoute route,
    Instant createdAt,
    Instant updatedAt) {
  /** A part of the reason while {@link RetrievalStore#isPartly}. */
  public static final String PARTLY_FETCHED =
      "the study may lack images, an archive has not sent all of it";

  /**
   * The route of a case.
   *
   * @param name in the file of routes
   * @param hash SHA-256 of what it says, see {@link RouteStore}
   * @param revision of the case for which it was chosen; -1 if it is to be chosen again
   * @param matched the conditions that held, with the values that were found
   */
  public record ChosenRoute(String name, String hash, int revision, String matched) {}
}
