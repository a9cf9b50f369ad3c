package org.m2ib.review;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.m2ib.cases.Judgement;
import org.m2ib.cases.StoredResult;
import org.m2ib.results.ResultJson;
import org.m2ib.results.fhir.FhirJudgements;

/** Judgements in {@code /api}. Scripts read these names, so they do not change. */
final class JudgementAnswers {
  private JudgementAnswers() {}

  /** Every judged sentence of a case. */
  record CaseJudgements(List<JudgedSentence> sentences) {}

  /**
   * @param withdrawn whether its result is no longer valid
   */
  record JudgedSentence(
      UUID id, String text, boolean withdrawn, List<JudgementDetails> judgements) {
    static JudgedSentence of(StoredResult result, List<Judgement> latestFirst) {
      return new JudgedSentence(
          result.id(),
          ResultJson.read(result.body()).sentence().text(),
          result.withdrawn(),
          JudgementAnswers.of(result, latestFirst));
    }
  }

  /**
   * @param verdict its code
   * @param current whether it counts: not undone, the latest of its person, its result valid
   */
  record JudgementDetails(
      UUID id,
      String verdict,
      String note,
      String who,
      Instant when,
      boolean current,
      boolean undone,
      JudgementLinks links) {
    static JudgementDetails of(Judgement judgement, boolean current) {
      return new JudgementDetails(
          judgement.id(),
          judgement.verdict().code(),
          judgement.note(),
          judgement.person(),
          judgement.at(),
          current,
          judgement.undone(),
          new JudgementLinks(
              CaseAnswers.path(judgement.caseId()) + "/judgements/" + judgement.id(),
              "/fhir/Observation/" + FhirJudgements.id(judgement)));
    }
  }

  record JudgementLinks(String self, String observation) {}

  /**
   * Those of one result.
   *
   * @param latestFirst of its case
   */
  static List<JudgementDetails> of(StoredResult result, List<Judgement> latestFirst) {
    List<Judgement> own =
        latestFirst.stream().filter(j -> j.resultId().equals(result.id())).toList();
    List<Judgement> counting = Judgement.counting(own);
    return own.stream()
        .map(j -> JudgementDetails.of(j, !result.withdrawn() && counting.contains(j)))
        .toList();
  }
}
