package org.m2ib.review;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.cases.Judgement;
import org.m2ib.cases.StoredResult;
import org.m2ib.results.ResultJson;
import org.m2ib.results.fhir.FhirJudgements;

/** What {@code /api} says of judgements. Scripts read these names. */
final class JudgementJson {
  private JudgementJson() {}

  /**
   * @param current whether it counts: not undone, no later one of its person, its result holds
   */
  static Map<String, Object> of(Judgement judgement, boolean current) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", judgement.id().toString());
    json.put("verdict", judgement.verdict().code());
    json.put("note", judgement.note());
    json.put("who", judgement.person());
    json.put("when", judgement.at().toString());
    json.put("current", current);
    json.put("undone", judgement.undone());
    json.put(
        "links",
        Map.of(
            "self", "/api/cases/" + judgement.caseId() + "/judgements/" + judgement.id(),
            "observation", "/fhir/Observation/" + FhirJudgements.id(judgement)));
    return json;
  }

  /**
   * Those of one result.
   *
   * @param latestFirst of its case
   */
  static List<Map<String, Object>> of(StoredResult result, List<Judgement> latestFirst) {
    List<Judgement> own =
        latestFirst.stream().filter(j -> j.resultId().equals(result.id())).toList();
    List<Judgement> counting = Judgement.counting(own);
    return own.stream().map(j -> of(j, !result.withdrawn() && counting.contains(j))).toList();
  }

  /** The judged sentence beside them. */
  static Map<String, Object> sentence(StoredResult result, List<Judgement> latestFirst) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", result.id().toString());
    json.put("text", ResultJson.read(result.body()).sentence().text());
    json.put("withdrawn", result.withdrawn());
    json.put("judgements", of(result, latestFirst));
    return json;
  }
}
