package org.m2ib.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * Where a case's report and images may disagree.
 *
 * @param id derived from case, kind, finding and sentence, so that a later run finds the same
 * @param kind code
 * @param finding code
 * @param resultId of the sentence on the image; null if no sentence was attributed
 * @param place that result's {@code n} in the case; null without
 * @param image number in the case, from 1; null if no image was asked
 * @param logOdds null without a score
 * @param rank order in the queue, descending
 * @param body the whole as JSON
 * @param foundAt when it was found first
 * @param verdict code of the latest judgement; null if not judged
 */
public record StoredDiscordance(
    UUID id,
    UUID caseId,
    String kind,
    String finding,
    UUID resultId,
    Integer place,
    Integer image,
    Double logOdds,
    double rank,
    String body,
    Instant foundAt,
    String verdict) {

  /** The probability at even odds, in [0, 1]; null without a score. */
  public Double score() {
    return logOdds == null ? null : 1 / (1 + Math.exp(-logOdds));
  }
}
