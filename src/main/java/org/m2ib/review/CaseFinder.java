package org.m2ib.review;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;

/** Finds what a path names; a 404 says which part does not exist. */
record CaseFinder(Supplier<CaseStore> cases, Supplier<ResultStore> results) {

  Case find(String id) {
    return find(cases.get(), id);
  }

  static Case find(CaseStore cases, String id) {
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          404, Refusal.CASE_UNKNOWN, "There is no case with this id: it is not a UUID.");
    }
    return cases
        .find(uuid)
        .orElseThrow(
            () ->
                new ProblemException(404, Refusal.CASE_UNKNOWN, "There is no case " + uuid + "."));
  }

  /** A valid result, by its order in the case. */
  StoredResult find(String id, String n) {
    return find(find(id), n);
  }

  private StoredResult find(Case c, String n) {
    return position(n)
        .flatMap(position -> results.get().find(c.id(), position))
        .orElseThrow(
            () ->
                new ProblemException(
                    404, "Case " + c.id() + " (" + c.state() + ") has no such sentence."));
  }

  private static Optional<Integer> position(String n) {
    return n.matches("0|[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(n)) : Optional.empty();
  }

  /**
   * The same, but only if it is still the one that the caller saw: a report may be amended
   * meanwhile.
   *
   * @param seen its id; null for the present one
   */
  StoredResult find(String id, String n, String seen) {
    Case c = find(id);
    if (seen == null) {
      return find(c, n);
    }
    StoredResult result;
    try {
      result = results.get().find(UUID.fromString(seen)).orElse(null);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "of: not a UUID. Use the sentence's link judgements.");
    }
    if (result == null || !result.caseId().equals(c.id())) {
      throw new ProblemException(404, "of: not a sentence of case " + c.id());
    }
    if (result.withdrawn() || !String.valueOf(result.position()).equals(n)) {
      throw new ProblemException(
          409,
          Refusal.RESULTS_REPLACED,
          "The report has changed, or the case was analysed again: the results of sentence "
              + n
              + " are others now. Load the case again.");
    }
    return result;
  }
}
