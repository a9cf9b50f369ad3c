package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/** {@code /api/cases}: where cases stand and what their maps show. */
@Path("/api/cases")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class CasesResource {
  private static final String NOTICE = "Audit of a model. Not for diagnostic use.";
  private static final int MOST = 500;

  private final Instance<CaseStore> cases;
  private final Instance<ResultStore> results;
  private final Instance<Outbox> outbox;
  private final Instance<Blobs> blobs;

  /** Looked up on the first request: the commands that serve nothing open no storage. */
  @Inject
  public CasesResource(
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<Outbox> outbox,
      Instance<Blobs> blobs) {
    this.cases = cases;
    this.results = results;
    this.outbox = outbox;
    this.blobs = blobs;
  }

  /** The cases that match, the latest changed first, at most {@value #MOST}. */
  @GET
  public Response search(
      @QueryParam("studyInstanceUid") String studyInstanceUid,
      @QueryParam("accessionNumber") String accessionNumber,
      @QueryParam("state") String state) {
    CaseState wanted = null;
    if (state != null) {
      try {
        wanted = CaseState.valueOf(state.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        return problem(400, "state: must be one of " + Arrays.toString(CaseState.values()));
      }
    }
    var query = new CaseStore.Query(studyInstanceUid, accessionNumber, wanted, 0, MOST);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("notice", NOTICE);
    answer.put("cases", cases.get().search(query).stream().map(CasesResource::summary).toList());
    return Response.ok(answer).build();
  }

  /** One case with its sentences and deliveries. */
  @GET
  @Path("{id}")
  public Response get(@PathParam("id") String id) {
    Optional<Case> found = find(id);
    if (found.isEmpty()) {
      return problem(404, "there is no case with this id");
    }
    Map<String, Object> answer = summary(found.get());
    answer.put("notice", NOTICE);
    List<Map<String, Object>> sentences = new ArrayList<>();
    for (StoredResult stored : results.get().of(found.get().id())) {
      if (!stored.withdrawn()) {
        sentences.add(sentence(stored));
      }
    }
    answer.put("sentences", sentences);
    answer.put(
        "deliveries", outbox.get().of(found.get().id()).stream().map(CasesResource::row).toList());
    return Response.ok(answer).build();
  }

  /** The picture of one sentence. */
  @GET
  @Path("{id}/sentences/{n}/map")
  @Produces("image/png")
  public Response picture(@PathParam("id") String id, @PathParam("n") int n) throws IOException {
    Optional<StoredResult> result = result(id, n);
    return result.isEmpty()
        ? problem(404, "there is no such sentence")
        : Response.ok(blobs.get().bytes(result.get().pictureBlob()), "image/png").build();
  }

  /** The map of one sentence in numbers. */
  @GET
  @Path("{id}/sentences/{n}/map")
  public Response map(@PathParam("id") String id, @PathParam("n") int n) {
    Optional<StoredResult> stored = result(id, n);
    if (stored.isEmpty()) {
      return problem(404, "there is no such sentence");
    }
    SentenceResult result = ResultJson.read(stored.get().body());
    var a = result.attribution();
    var geometry = result.image().geometry();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("notice", NOTICE);
    answer.put("text", result.sentence().text());
    answer.put(
        "grid",
        Map.of("rows", a.rows(), "columns", a.columns(), "bits", a.bits(), "scaled", a.scaled()));
    answer.put("size", Map.of("rows", geometry.sourceRows(), "columns", geometry.sourceColumns()));
    answer.put("geometry", geometry);
    answer.put("tokens", a.tokens());
    return Response.ok(answer, MediaType.APPLICATION_JSON).build();
  }

  private Optional<Case> find(String id) {
    try {
      return cases.get().find(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<StoredResult> result(String id, int n) {
    return find(id)
        .flatMap(
            c ->
                results.get().of(c.id()).stream()
                    .filter(r -> !r.withdrawn() && r.position() == n)
                    .findFirst());
  }

  private static Map<String, Object> summary(Case c) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("id", c.id());
    summary.put("state", c.state());
    summary.put("reason", c.reason());
    summary.put("studyInstanceUid", c.study().studyInstanceUid());
    summary.put("accessionNumber", c.study().accessionNumber());
    summary.put("createdAt", c.createdAt().toString());
    summary.put("updatedAt", c.updatedAt().toString());
    summary.put("href", "/api/cases/" + c.id());
    return summary;
  }

  private static Map<String, Object> sentence(StoredResult stored) {
    SentenceResult result = ResultJson.read(stored.body());
    var a = result.attribution();
    Map<String, Object> sentence = new LinkedHashMap<>();
    sentence.put("n", stored.position());
    sentence.put("text", result.sentence().text());
    sentence.put("section", result.sentence().section());
    sentence.put("start", result.sentence().start());
    sentence.put("end", result.sentence().end());
    sentence.put("sopInstanceUid", result.image().sopInstanceUid());
    sentence.put("similarity", a.similarity());
    sentence.put("confidenceDrop", a.confidenceDrop());
    sentence.put("confidenceIncrease", a.confidenceIncrease());
    sentence.put("place", result.place());
    sentence.put(
        "map", "/api/cases/" + stored.caseId() + "/sentences/" + stored.position() + "/map");
    sentence.put("captureSopInstanceUid", result.key().captureSopInstanceUid());
    sentence.put("captureSeriesInstanceUid", result.key().captureSeriesInstanceUid());
    sentence.put("observation", "/fhir/Observation/" + stored.id());
    return sentence;
  }

  private static Map<String, Object> row(Delivery delivery) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("kind", delivery.kind());
    row.put("destination", delivery.destination());
    row.put("status", delivery.status());
    row.put("attempts", delivery.attempts());
    row.put("problem", delivery.problem());
    return row;
  }

  private static Response problem(int status, String detail) {
    return Response.status(status)
        .type("application/problem+json")
        .entity(Map.of("type", "about:blank", "status", status, "detail", detail))
        .build();
  }
}
