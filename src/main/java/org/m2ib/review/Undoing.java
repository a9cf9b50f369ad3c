package org.m2ib.review;

import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;

/** Why a judgement is not undone: the same words for one of a sentence and of a discordance. */
final class Undoing {
  private Undoing() {}

  /**
   * @throws ProblemException 403 if it is another person's
   */
  static void checkOwn(String judge, String person) {
    if (!judge.equals(person)) {
      throw new ProblemException(
          403,
          Refusal.JUDGEMENT_OF_ANOTHER,
          "The judgement is another person's. Only they can undo it.");
    }
  }

  /**
   * @throws ProblemException 409 if it does not count any more
   */
  static void checkCounts(boolean counts) {
    if (!counts) {
      throw new ProblemException(
          409,
          Refusal.JUDGEMENT_REPLACED,
          "The judgement no longer counts: it was undone or replaced by a later one.");
    }
  }
}
