package org.m2ib.review;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Region;
import org.m2ib.judging.Viewer;
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
    static JudgedSentence of(StoredResult result, List<Judgement> latestFirst, Viewer viewer) {
      return new JudgedSentence(
          result.id(),
          ResultJson.read(result.body()).sentence().text(),
          result.withdrawn(),
          JudgementAnswers.of(result, latestFirst, viewer));
    }
  }

  /**
   * @param scheme code of the scheme that was asked
   * @param answers choices by question
   * @param stage whether the person had seen the map: before-map or with-map
   * @param campaign in which it was asked for; null outside of one
   * @param region where the finding is, as the person drew it; null if they did not
   * @param arbitration whether it decides between readers that differ
   * @param current whether it counts: not undone, the latest of its person with this scheme in this
   *     stage, its result valid
   */
  record JudgementDetails(
      UUID id,
      String scheme,
      String version,
      Map<String, String> answers,
      String stage,
      boolean arbitration,
      UUID campaign,
      Region region,
      String note,
      String who,
      Instant when,
      boolean current,
      boolean undone,
      JudgementLinks links) {
    /**
     * @param open whether anyone may see it
     */
    static JudgementDetails of(Judgement judgement, boolean current, boolean open) {
      return new JudgementDetails(
          judgement.id(),
          judgement.scheme(),
          judgement.version(),
          judgement.answers(),
          judgement.stage().code(),
          judgement.arbitration(),
          judgement.campaign(),
          judgement.region(),
          judgement.note(),
          judgement.person(),
          judgement.at(),
          current,
          judgement.undone(),
          new JudgementLinks(
              CaseAnswers.path(judgement.caseId()) + "/judgements/" + judgement.id(),
              open ? "/fhir/Observation/" + FhirJudgements.id(judgement) : null,
              CaseAnswers.path(judgement.caseId()) + "/judgements/" + judgement.id() + "/report"));
    }
  }

  /**
   * @param observation null as long as the other readers may not see the judgement
   */
  record JudgementLinks(String self, String observation, String report) {}

  /**
   * Those of one result that a viewer may see.
   *
   * @param latestFirst all of its case
   */
  static List<JudgementDetails> of(
      StoredResult result, List<Judgement> latestFirst, Viewer viewer) {
    List<Judgement> own =
        latestFirst.stream().filter(j -> j.resultId().equals(result.id())).toList();
    List<Judgement> counting = Judgement.counting(own);
    List<Judgement> open = Blinding.open(own);
    return Blinding.visible(own, viewer).stream()
        .map(
            j ->
                JudgementDetails.of(
                    j, !result.withdrawn() && counting.contains(j), open.contains(j)))
        .toList();
  }
}
