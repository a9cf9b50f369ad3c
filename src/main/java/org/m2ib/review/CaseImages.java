package org.m2ib.review;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Prior;
import org.m2ib.cases.PriorStore;

/**
 * The images that are shown with a case: those of its study, and those of the earlier studies of
 * its patient that are held here.
 */
record CaseImages(Supplier<CaseStore> cases, Supplier<ArrivalStore> arrivals) {

  /** Those of the case's own study, in order of arrival. */
  List<Arrival> own(Case c) {
    return of(c.study().studyInstanceUid());
  }

  private List<Arrival> of(String studyInstanceUid) {
    return arrivals.get().images(studyInstanceUid);
  }

  /**
   * Those of an earlier study.
   *
   * @throws ProblemException 404 if it is none of the case's that is held here, 409 if it is not
   *     certain that all its images are of the case's patient
   */
  List<Arrival> earlier(Case c, String studyInstanceUid) {
    PriorStore priors = cases.get().priors();
    List<Arrival> images =
        priors
            .find(c.id(), studyInstanceUid)
            .filter(prior -> prior.state() == Prior.State.HELD)
            .map(prior -> of(studyInstanceUid))
            .orElse(List.of());
    if (images.isEmpty()) {
      throw new ProblemException(
          404, "Case " + c.id() + " has no earlier study with this UID whose images are here.");
    }
    if (!areOfOnePatient(c, images)) {
      throw new ProblemException(
          409,
          Refusal.PRIOR_OF_ANOTHER,
          "This study is not shown: its patient identifier or the issuer of it is not that of the"
              + " case's images.");
    }
    return images;
  }

  /** As the identifiers are now: they may have been merged since the study was chosen. */
  private boolean areOfOnePatient(Case c, List<Arrival> images) {
    PriorStore priors = cases.get().priors();
    List<Arrival> own = own(c);
    return !own.isEmpty()
        && images.stream()
            .map(image -> image.instance().study())
            .distinct()
            .allMatch(
                key ->
                    own.stream()
                        .map(image -> image.instance().study())
                        .distinct()
                        .allMatch(ours -> priors.isSamePatient(ours, key)));
  }

  /** One of the case's images, or of its patient's earlier ones; empty if there is none. */
  Optional<Arrival> find(Case c, String sopInstanceUid) {
    return with(own(c), sopInstanceUid)
        .or(
            () ->
                cases.get().priors().of(c.id()).stream()
                    .filter(prior -> prior.state() == Prior.State.HELD)
                    .map(prior -> of(prior.studyInstanceUid()))
                    .filter(images -> with(images, sopInstanceUid).isPresent())
                    .filter(images -> areOfOnePatient(c, images))
                    .findFirst()
                    .flatMap(images -> with(images, sopInstanceUid)));
  }

  private static Optional<Arrival> with(List<Arrival> images, String sopInstanceUid) {
    return images.stream()
        .filter(image -> image.instance().sopInstanceUid().equals(sopInstanceUid))
        .findFirst();
  }
}
