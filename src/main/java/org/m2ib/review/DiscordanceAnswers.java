package org.m2ib.review;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.discordance.Parts;
import org.m2ib.discordance.ThresholdProposal;
import org.m2ib.results.Audit;
import org.m2ib.results.DiscordanceBody;
import org.m2ib.review.ReasonAnswers.Reason;

/** Answers of {@code /api/discordances}. */
final class DiscordanceAnswers {
  private DiscordanceAnswers() {}

  /**
   * A page of the queue.
   *
   * @param threshold score from which on they are shown
   * @param prevalence for which probabilities are computed
   * @param next address of the next page; null on the last
   */
  record Queue(
      double threshold, double prevalence, List<DiscordanceDetails> discordances, String next) {}

  /**
   * One of them.
   *
   * @param reason in English
   * @param why the same, with a code for which a page has words in its language
   * @param score probability that it is wrong, if one of two such sentences is; null without
   *     coefficients for the model, and for a contradiction
   * @param probability the same at the prevalence
   * @param textOnly what the score is by a control that sees no image; null without such a control
   *     for the model, and for a contradiction
   * @param sentence null for an omitted finding
   * @param other sentence that it contradicts; null for other kinds
   * @param similarity of sentence and image
   * @param alternative the contrary or other side and its similarity; null if there is none
   * @param verdict of the judgement that counts; null if not judged
   */
  record DiscordanceDetails(
      UUID id,
      UUID caseId,
      String kind,
      String finding,
      String reason,
      Reason why,
      Double score,
      Double probability,
      Double textOnly,
      String sentence,
      String other,
      Integer image,
      Double similarity,
      Audit.Alternative alternative,
      Map<String, Double> parts,
      String verdict,
      Instant foundAt,
      Links links) {

    /**
     * @param own id of the reader's own judgement, if it is the one that counts; else null
     */
    static DiscordanceDetails of(StoredDiscordance stored, UUID own) {
      DiscordanceBody body = DiscordanceBody.read(stored.body());
      return new DiscordanceDetails(
          stored.id(),
          stored.caseId(),
          stored.kind(),
          stored.finding(),
          body.reason(),
          ReasonAnswers.ofDiscordance(body.reason()),
          stored.score(),
          DiscordanceAnswers.probability(stored.logOdds(), DiscordancesResource.PREVALENCE),
          DiscordanceAnswers.probability(body.parts().get(Parts.TEXT_ONLY), 0.5),
          body.sentence(),
          body.other(),
          stored.image(),
          body.similarity(),
          body.alternative(),
          body.parts(),
          stored.verdict(),
          stored.foundAt(),
          Links.of(stored, own));
    }
  }

  /**
   * @param map null if it is of no sentence on an image
   * @param undo of the reader's own judgement; null unless that is the one that counts
   */
  record Links(String page, String theCase, String map, String judgements, String undo) {
    static Links of(StoredDiscordance stored, UUID own) {
      String judgements = "/api/discordances/" + stored.id() + "/judgements";
      String path = "/api/cases/" + stored.caseId();
      return new Links(
          "/cases/" + stored.caseId(),
          path,
          stored.place() == null ? null : path + "/sentences/" + stored.place() + "/map",
          judgements,
          own == null ? null : judgements + "/" + own);
    }
  }

  /**
   * The threshold.
   *
   * @param score in force
   * @param accepted whether an administrator accepted it; else it is the default
   */
  record Threshold(double score, boolean accepted, ThresholdProposal proposal) {}

  static Double probability(Double logOdds, double prevalence) {
    return logOdds == null
        ? null
        : 1 / (1 + Math.exp(-logOdds - Math.log(prevalence / (1 - prevalence))));
  }
}
