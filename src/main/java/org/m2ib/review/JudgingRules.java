package org.m2ib.review;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Judgement.Unit;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Stage;

/** What a person may say of a result, and when. */
record JudgingRules(JudgingPolicy policy) {

  /**
   * Makes a judgement of what a person sent.
   *
   * @param latestFirst all judgements of the case
   * @throws ProblemException 400 if the answers are not of the scheme, 403 if somebody else has to
   *     decide, 409 if it comes too late
   */
  Judgement judgement(
      StoredResult result,
      JudgementBody sent,
      String person,
      List<Judgement> latestFirst,
      JudgementStore store) {
    Scheme scheme = scheme(sent);
    Unit unit = new Unit(result.id(), scheme.code(), null);
    List<Judgement> readings = Blinding.readings(latestFirst, unit);
    boolean complete = Blinding.isComplete(latestFirst, unit);
    if (sent.arbitration()) {
      checkArbitration(sent, person, readings, complete);
    } else if (complete) {
      throw new ProblemException(
          409, "All readers have judged this sentence. Only an arbiter can decide now.");
    }
    if (sent.stage() == Stage.BEFORE_MAP && hasSeenMap(latestFirst, result.id(), person)) {
      throw new ProblemException(
          409, "stage: you have judged this sentence with its map; nobody can be blind afterwards");
    }
    try {
      scheme.check(sent.answers(), sent.stage());
      return new Judgement(
          sent.id() == null ? UUID.randomUUID() : sent.id(),
          result.caseId(),
          result.id(),
          scheme.code(),
          scheme.version(),
          sent.answers(),
          sent.stage(),
          Math.max(policy.readers(), Blinding.readers(latestFirst, unit)),
          sent.arbitration(),
          null,
          sent.note(),
          person,
          store.now(),
          false);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }

  private Scheme scheme(JudgementBody sent) {
    Scheme scheme;
    try {
      scheme =
          sent.scheme() == null
              ? policy.schemes().byDefault()
              : policy.schemes().current(sent.scheme());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
    if (sent.version() != null && !sent.version().equals(scheme.version())) {
      throw new ProblemException(
          409,
          "version: scheme %s is at version %s now. Load the case again."
              .formatted(scheme.code(), scheme.version()));
    }
    return scheme;
  }

  private static void checkArbitration(
      JudgementBody sent, String person, List<Judgement> readings, boolean complete) {
    if (!complete) {
      throw new ProblemException(409, "arbitration: not all readers have judged this sentence");
    }
    if (!differ(readings)) {
      throw new ProblemException(409, "arbitration: the readers agree");
    }
    if (readings.stream().anyMatch(j -> j.person().equals(person))) {
      throw new ProblemException(403, "arbitration: you are one of the readers");
    }
    if (sent.stage() == Stage.BEFORE_MAP) {
      throw new ProblemException(400, "arbitration: must be with-map");
    }
  }

  /** Whether readers of one result gave different answers. */
  static boolean differ(List<Judgement> readings) {
    Set<Object> said = new HashSet<>();
    readings.forEach(j -> said.add(j.answers()));
    return said.size() > 1;
  }

  private static boolean hasSeenMap(List<Judgement> all, UUID resultId, String person) {
    return all.stream()
        .anyMatch(
            j ->
                j.resultId().equals(resultId)
                    && j.person().equals(person)
                    && j.stage() == Stage.WITH_MAP);
  }
}
