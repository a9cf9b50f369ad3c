package org.m2ib.judging;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.m2ib.cases.StoredResult;

/** Judgements that a test does not send. */
public final class TestJudgements {
  private TestJudgements() {}

  /** Answers of the standard scheme. */
  public static Map<String, String> answers(String finding, String region) {
    Map<String, String> answers = new LinkedHashMap<>(); // as they are asked
    answers.put("finding", finding);
    answers.put("region", region);
    return answers;
  }

  /** With the map, by the standard scheme, by one reader. */
  public static Judgement of(
      UUID caseId,
      UUID resultId,
      Map<String, String> answers,
      String note,
      String person,
      Instant at) {
    return of(caseId, resultId, Schemes.STANDARD, answers, Stage.WITH_MAP, 1, note, person, at);
  }

  public static Judgement of(
      UUID caseId,
      UUID resultId,
      String scheme,
      Map<String, String> answers,
      Stage stage,
      int readers,
      String note,
      String person,
      Instant at) {
    return new Judgement(
        UUID.randomUUID(),
        caseId,
        resultId,
        scheme,
        "1",
        answers,
        stage,
        readers,
        false,
        null,
        null,
        note,
        person,
        at,
        false);
  }

  /** Stores one that says yes to both questions. */
  public static Judgement agree(
      JudgementStore store, StoredResult result, String note, String person) {
    return add(store, result, answers("yes", "yes"), note, person);
  }

  /** Stores one. */
  public static Judgement add(
      JudgementStore store,
      StoredResult result,
      Map<String, String> answers,
      String note,
      String person) {
    Judgement made = of(result.caseId(), result.id(), answers, note, person, store.now());
    store.add(made);
    return made;
  }
}
