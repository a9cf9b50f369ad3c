package org.m2ib.review;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseSummary;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Judgement;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.StoredResult;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/** What {@code /api/cases} says of cases and of what belongs to them. Scripts read these names. */
final class CaseJson {
  private CaseJson() {}

  static Map<String, Object> of(Case c) {
    String self = "/api/cases/" + c.id();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", c.id().toString());
    json.put("state", c.state());
    json.put("reason", c.reason());
    json.put("studyInstanceUid", c.study().studyInstanceUid());
    json.put("accessionNumber", c.study().accessionNumber());
    json.put("model", c.model());
    json.put("createdAt", c.createdAt().toString());
    json.put("updatedAt", c.updatedAt().toString());
    json.put(
        "links",
        Map.of(
            "self", self,
            "redelivery", self + "/redelivery",
            "redo", self + "/redo",
            "judgements", self + "/judgements"));
    return json;
  }

  static Map<String, Object> of(CaseSummary summary) {
    Map<String, Object> json = of(summary.theCase());
    json.put("sentences", summary.sentences());
    json.put("lowestSimilarity", summary.lowestSimilarity());
    json.put("alarms", summary.alarms());
    json.put("judged", summary.judged());
    return json;
  }

  static Map<String, Object> report(Arrival arrival) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", arrival.report().reportId());
    json.put("status", arrival.report().status());
    json.put("source", arrival.report().source());
    json.put("receivedAt", arrival.receivedAt().toString());
    json.put("text", arrival.report().text());
    json.put("notes", arrival.report().notes());
    return json;
  }

  static Map<String, Object> image(Case c, Arrival arrival) {
    ReceivedInstance instance = arrival.instance();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sopInstanceUid", instance.sopInstanceUid());
    json.put("seriesInstanceUid", instance.seriesInstanceUid());
    json.put("sopClassUid", instance.sopClassUid());
    json.put("modality", instance.modality());
    json.put("viewPosition", instance.viewPosition());
    json.put("receivedAt", arrival.receivedAt().toString());
    json.put("links", Map.of("frame", frame(c.id(), instance.sopInstanceUid(), 1)));
    return json;
  }

  private static String frame(UUID caseId, String sopInstanceUid, int number) {
    return "/api/cases/" + caseId + "/images/" + sopInstanceUid + "/frames/" + number;
  }

  static Map<String, Object> delivery(Delivery row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", row.kind());
    json.put("destination", row.destination());
    json.put("status", row.status());
    json.put("attempts", row.attempts());
    json.put("problem", row.problem());
    json.put("updatedAt", row.updatedAt().toString());
    return json;
  }

  /**
   * @param latestFirst judgements of its case
   */
  static Map<String, Object> sentence(StoredResult stored, List<Judgement> latestFirst) {
    SentenceResult result = ResultJson.read(stored.body());
    SentenceResult.Image image = result.image();
    Attribution a = result.attribution();
    String self = "/api/cases/" + stored.caseId() + "/sentences/" + stored.position();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("n", stored.position());
    json.put("id", stored.id().toString());
    json.put("text", result.sentence().text());
    json.put("section", result.sentence().section());
    json.put("start", result.sentence().start());
    json.put("end", result.sentence().end());
    json.put(
        "image",
        Map.of(
            "sopInstanceUid", image.sopInstanceUid(),
            "seriesInstanceUid", image.seriesInstanceUid(),
            "frame", image.frame()));
    json.put("similarity", a.similarity());
    json.put("probability", a.probability());
    json.putAll(made(a));
    json.put("beside", result.additional().stream().map(CaseJson::made).toList());
    json.put("truncated", a.truncated());
    json.put("cut", a.cutWords(result.sentence().text()));
    json.put("place", result.place());
    json.put("audit", result.audit());
    json.put("alarms", alarms(result.audit()));
    json.put("model", result.model());
    json.put("settings", a.settings());
    json.put("computedAt", result.computed().toString());
    json.put(
        "capture",
        Map.of(
            "sopInstanceUid", result.capture().sopInstanceUid(),
            "frame", result.capture().frame(),
            "seriesInstanceUid", result.key().captureSeriesInstanceUid()));
    json.put("judgements", JudgementJson.of(stored, latestFirst));
    json.put(
        "links",
        Map.of(
            "frame", frame(stored.caseId(), image.sopInstanceUid(), image.frame()),
            "judgements", self + "/judgements?of=" + stored.id(),
            "map", self + "/map",
            "capture", self + "/capture",
            "observation", "/fhir/Observation/" + stored.id()));
    return json;
  }

  private static List<String> alarms(Audit audit) {
    return audit == null ? List.of() : audit.alarms().stream().map(Audit.Alarm::code).toList();
  }

  /** What one method made of it, without its map. */
  private static Map<String, Object> made(Attribution a) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("method", Methods.card(a.method()));
    json.put("confidenceDrop", a.confidenceDrop());
    json.put("confidenceIncrease", a.confidenceIncrease());
    json.put("removedConfidenceDrop", a.removedConfidenceDrop());
    json.put("removedConfidenceIncrease", a.removedConfidenceIncrease());
    json.put("textConfidenceDrop", a.textConfidenceDrop());
    json.put("textConfidenceIncrease", a.textConfidenceIncrease());
    json.put("publishedTextConfidenceDrop", a.publishedTextConfidenceDrop());
    json.put("publishedTextConfidenceIncrease", a.publishedTextConfidenceIncrease());
    json.put("tokens", a.tokens());
    return json;
  }

  /** The maps of one sentence in numbers; grids are [rows][columns]. */
  static Map<String, Object> map(StoredResult stored) {
    SentenceResult result = ResultJson.read(stored.body());
    Attribution a = result.attribution();
    Geometry geometry = result.image().geometry();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("n", stored.position());
    json.put("id", stored.id().toString());
    json.put("text", result.sentence().text());
    json.put("method", Methods.card(a.method()));
    json.put("grid", grid(a));
    json.put(
        "beside",
        result.additional().stream()
            .map(other -> Map.of("method", Methods.card(other.method()), "grid", grid(other)))
            .toList());
    json.put("size", Map.of("rows", geometry.sourceRows(), "columns", geometry.sourceColumns()));
    json.put("geometry", geometry);
    json.put("tokens", a.tokens());
    json.put("similarity", a.similarity());
    json.put("model", result.model());
    json.put("settings", a.settings());
    return json;
  }

  /** The values' name is from when there was M2IB alone: they are in the method's unit. */
  private static Map<String, Object> grid(Attribution a) {
    Map<String, Object> grid = new LinkedHashMap<>();
    grid.put("rows", a.rows());
    grid.put("columns", a.columns());
    grid.put("bits", a.map());
    grid.put("scaled", a.scaled());
    return grid;
  }
}
