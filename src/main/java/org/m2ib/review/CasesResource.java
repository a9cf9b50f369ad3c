package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.CaseSummary;
import org.m2ib.cases.Judgement;
import org.m2ib.cases.JudgementStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.results.ResultJson;

/**
 * {@code /api/cases}: where cases stand and what their maps show. The class stands at {@code /api}
 * because only the classes with the longest matching path are asked (Jakarta REST 3.7.2), and the
 * redelivery of a case is another's.
 */
@Path("/api")
@Blocking
public class CasesResource {
  private static final MediaType PNG = new MediaType("image", "png");
  private static final MediaType DICOM = new MediaType("application", "dicom");

  private final CaseFinder finder;
  private final Supplier<ArrivalStore> arrivals;
  private final Supplier<JudgementStore> judgements;
  private final Supplier<Outbox> outbox;
  private final Supplier<Blobs> blobs;

  /** Looked up on the first request: the commands that serve nothing open no storage. */
  @Inject
  public CasesResource(
      Instance<CaseStore> cases,
      Instance<ArrivalStore> arrivals,
      Instance<ResultStore> results,
      Instance<JudgementStore> judgements,
      Instance<Outbox> outbox,
      Instance<Blobs> blobs) {
    this.finder = new CaseFinder(cases::get, results::get);
    this.arrivals = arrivals::get;
    this.judgements = judgements::get;
    this.outbox = outbox::get;
    this.blobs = blobs::get;
  }

  CasesResource(
      CaseStore cases,
      ArrivalStore arrivals,
      ResultStore results,
      JudgementStore judgements,
      Outbox outbox,
      Blobs blobs) {
    this.finder = new CaseFinder(() -> cases, () -> results);
    this.arrivals = () -> arrivals;
    this.judgements = () -> judgements;
    this.outbox = () -> outbox;
    this.blobs = () -> blobs;
  }

  /** The cases that match, the latest changed first, in pages. */
  @GET
  @Path("cases")
  public Response search(@Context UriInfo uri) {
    return search(uri.getQueryParameters());
  }

  Response search(MultivaluedMap<String, String> parameters) {
    return Answers.of(
        () -> {
          CaseSearch search = new CaseSearch(parameters);
          List<CaseSummary> found = finder.cases().get().summaries(search.query());
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("cases", found.stream().limit(search.limit()).map(CaseJson::of).toList());
          json.put("next", found.size() > search.limit() ? search.next() : null);
          return Answers.ok(json);
        });
  }

  /** One case with its report, images, sentences and deliveries. */
  @GET
  @Path("cases/{id}")
  public Response get(@PathParam("id") String id) {
    return Answers.of(
        () -> {
          Case c = finder.find(id);
          List<StoredResult> all = finder.results().get().of(c.id());
          List<StoredResult> valid = all.stream().filter(r -> !r.withdrawn()).toList();
          Map<String, Object> json = CaseJson.of(c);
          json.put("alarm", finder.cases().get().hasAlarm(c.id()));
          json.put(
              "report",
              c.reportArrival() == null
                  ? null
                  : CaseJson.report(arrivals.get().get(c.reportArrival())));
          json.put(
              "images",
              arrivals.get().images(c.study().studyInstanceUid()).stream()
                  .map(image -> CaseJson.image(c, image))
                  .toList());
          List<Judgement> judged = judgements.get().of(c.id());
          json.put("sentences", valid.stream().map(r -> CaseJson.sentence(r, judged)).toList());
          json.put("withdrawn", all.size() - valid.size());
          json.put("deliveries", outbox.get().of(c.id()).stream().map(CaseJson::delivery).toList());
          return Answers.ok(json);
        });
  }

  /** The map of one sentence: a picture or, by Accept, numbers. */
  @GET
  @Path("cases/{id}/sentences/{n}/map")
  public Response map(
      @PathParam("id") String id,
      @PathParam("n") String n,
      @Context HttpHeaders headers,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known) {
    return map(id, n, headers.getAcceptableMediaTypes(), known);
  }

  Response map(String id, String n, List<MediaType> accepted, String known) {
    return Answers.of(
        () -> {
          StoredResult result = finder.find(id, n);
          double png = Accept.weight(accepted, PNG);
          double json = Accept.weight(accepted, MediaType.APPLICATION_JSON_TYPE);
          if (png == 0 && json == 0) {
            throw new Answers.Problem(406, "Accept: a map is image/png or application/json");
          }
          Response answer =
              png >= json
                  ? file(result.pictureBlob(), PNG, known).build()
                  : Answers.ok(CaseJson.map(result));
          return Response.fromResponse(answer).header(HttpHeaders.VARY, "Accept").build();
        });
  }

  /** The secondary capture of one sentence, a Part 10 file. */
  @GET
  @Path("cases/{id}/sentences/{n}/capture")
  public Response capture(
      @PathParam("id") String id,
      @PathParam("n") String n,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known) {
    return Answers.of(
        () -> {
          StoredResult result = finder.find(id, n);
          if (result.captureBlob().isEmpty()) {
            throw new Answers.Problem(
                404, "the capture is made when all sentences of its image are attributed");
          }
          String name = ResultJson.read(result.body()).capture().sopInstanceUid() + ".dcm";
          return file(result.captureBlob(), DICOM, known)
              .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
              .build();
        });
  }

  /** What stands at an address may change with the report; its bytes are named by their hash. */
  private Response.ResponseBuilder file(String blob, MediaType type, String known) {
    java.nio.file.Path file = blobs.get().path(blob);
    if (!Files.isRegularFile(file)) {
      throw new Answers.Problem(
          500, "objects/ in the data folder has lost the file " + blob + ": restore it");
    }
    boolean same = known != null && known.contains(blob);
    return (same ? Response.notModified() : Response.ok(file, type))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .header(HttpHeaders.ETAG, "\"" + blob + "\"");
  }
}
