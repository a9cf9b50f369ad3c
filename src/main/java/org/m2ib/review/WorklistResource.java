package org.m2ib.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.m2ib.api.ActivityLog;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.StorableText;
import org.m2ib.quality.Quality;
import org.m2ib.review.WorklistAnswers.Assignment;
import org.m2ib.review.WorklistAnswers.CasePlace;
import org.m2ib.review.WorklistAnswers.WorklistCase;
import org.m2ib.review.WorklistAnswers.WorklistPage;
import org.m2ib.review.WorklistAnswers.WorklistValues;
import org.m2ib.review.WorklistAnswers.WorklistViews;
import org.m2ib.worklist.SavedViews;
import org.m2ib.worklist.Worklist;
import org.m2ib.worklist.WorklistEvents;
import org.m2ib.worklist.WorklistQuery;
import org.m2ib.worklist.WorklistQuery.Sort;
import org.m2ib.worklist.WorklistRow;

/** {@code /api/worklist}: the cases as persons filter, sort and page them. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api")
@Blocking
public class WorklistResource {
  static final int USUAL = 50;
  static final int MOST = 200;
  private static final int MOST_EXPORTED = 10_000;
  private static final int LONGEST_NAME = 100;

  /** A stream ends and its page opens another, so that one who was signed out sees no more. */
  private static final Duration STREAM = Duration.ofMinutes(5);

  /** Seconds without a change after which a comment shows whether the reader is still there. */
  private static final int QUIET = 15;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .findAndRegisterModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private final Supplier<Worklist> worklist;
  private final Supplier<WorklistEvents> events;
  private final Supplier<SavedViews> views;
  private final Supplier<CaseStore> cases;
  private final Supplier<Blobs> blobs;
  private final Supplier<ActivityLog> activity;
  private final Supplier<Quality> quality;
  private final Thumbnails thumbnails = new Thumbnails();

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public WorklistResource(
      Instance<Worklist> worklist,
      Instance<WorklistEvents> events,
      Instance<SavedViews> views,
      Instance<CaseStore> cases,
      Instance<Blobs> blobs,
      Instance<ActivityLog> activity,
      Instance<Quality> quality) {
    this.worklist = worklist::get;
    this.events = events::get;
    this.views = views::get;
    this.cases = cases::get;
    this.blobs = blobs::get;
    this.activity = activity::get;
    this.quality = quality::get;
  }

  /** A page of the worklist. */
  @GET
  @Path("worklist")
  @Operation(operationId = "getWorklist", summary = "Filters, sorts and pages the cases.")
  public WorklistPage page(
      @BeanParam WorklistParameters filter,
      @Parameter(description = "next of another page of the same filter and order.")
          @QueryParam("cursor")
          String cursor,
      @Parameter(description = "How many cases: 1 to 200.") @QueryParam("limit") String limit,
      @Context SecurityContext person) {
    int rows = QueryValues.number("limit", limit, USUAL, 1, MOST);
    WorklistQuery query = query(filter, person);
    try {
      return new WorklistPage(
          worklist.get().page(query, WorklistParameters.text("cursor", cursor), rows));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }

  /** A case as the worklist shows it, and the cases behind it there. */
  @GET
  @Path("worklist/place")
  @Operation(
      operationId = "getPlace",
      summary = "Returns a case as the worklist shows it, and those behind it there.")
  public CasePlace place(
      @BeanParam WorklistParameters filter,
      @Parameter(required = true, description = "Id of the case.") @QueryParam("of") String of,
      @Context SecurityContext person) {
    Case c = CaseFinder.find(cases.get(), of == null ? "" : of);
    Worklist list = worklist.get();
    WorklistQuery query = query(filter, person);
    return new CasePlace(
        new WorklistCase(list.rows(List.of(c.id())).get(0)),
        list.after(query, c.id()).map(WorklistCase::new).orElse(null),
        list.after(query.unjudged(), c.id()).map(WorklistCase::new).orElse(null));
  }

  /** What the filters of few values can be set to. */
  @GET
  @Path("worklist/values")
  @Operation(operationId = "getWorklistValues", summary = "Lists the values of the filters.")
  public WorklistValues values() {
    Worklist list = worklist.get();
    return new WorklistValues(
        list.values(Sort.MODALITY),
        list.values(Sort.BODY_PART),
        list.values(Sort.MODEL),
        list.values(Sort.ASSIGNED),
        list.devices());
  }

  /** The matches, or the cases that are named, as a table. */
  @RolesAllowed(Roles.READER)
  @GET
  @Path("worklist/export")
  @Produces("text/csv;charset=UTF-8")
  @Operation(
      operationId = "exportWorklist",
      summary = "Returns the matching cases, or those that are named, as CSV.")
  @APIResponse(
      responseCode = "200",
      description = "At most 10,000 cases.",
      content = @Content(mediaType = "text/csv", schema = @Schema(implementation = String.class)))
  public Response export(
      @BeanParam WorklistParameters filter,
      @Parameter(description = "Ids of cases; the filter is not used then.") @QueryParam("id")
          List<String> ids,
      @Context SecurityContext person) {
    List<WorklistRow> rows = new ArrayList<>();
    if (ids != null && !ids.isEmpty()) {
      rows.addAll(worklist.get().rows(ids.stream().map(WorklistResource::uuid).toList()));
    } else {
      WorklistQuery query = query(filter, person);
      Worklist.Page page = worklist.get().page(query, null, MOST);
      rows.addAll(page.rows());
      while (page.next() != null && rows.size() < MOST_EXPORTED) {
        page = worklist.get().page(query, page.next(), MOST);
        rows.addAll(page.rows());
      }
    }
    activity.get().record("worklist-exported", "cases/" + rows.size());
    return Response.ok(WorklistAnswers.csv(rows))
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"worklist.csv\"")
        .build();
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "id: not a UUID");
    }
  }

  /** The person's own views. */
  @RolesAllowed(Roles.READER)
  @GET
  @Path("worklist/views")
  @Operation(operationId = "listWorklistViews", summary = "Lists one's own views of the worklist.")
  public WorklistViews views(@Context SecurityContext person) {
    return new WorklistViews(views.get().of(name(person)));
  }

  /** Saves a view in the place of one of the same name. */
  @RolesAllowed(Roles.READER)
  @POST
  @Path("worklist/views")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "saveWorklistView", summary = "Saves a view of the worklist.")
  public WorklistViews saveView(SavedViews.View view, @Context SecurityContext person) {
    if (view == null) {
      throw new ProblemException(400, "name, query: required");
    }
    if (!SavedViews.isName(view.name())) {
      throw new ProblemException(400, Refusal.VIEW_NAME, "name: 1 to 80 characters, not only dots");
    }
    try {
      views.get().save(name(person), view);
    } catch (IllegalStateException e) {
      throw new ProblemException(409, Refusal.VIEWS_FULL, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
    return views(person);
  }

  /** Removes one of the person's own views. */
  @RolesAllowed(Roles.READER)
  @DELETE
  @Path("worklist/views/{name}")
  @Operation(operationId = "removeWorklistView", summary = "Removes a view of the worklist.")
  public WorklistViews removeView(@PathParam("name") String name, @Context SecurityContext person) {
    if (!views.get().remove(name(person), name)) {
      throw new ProblemException(404, "There is no such view.");
    }
    return views(person);
  }

  /** Sets who is to look at a case. */
  @RolesAllowed({Roles.REVIEWER, Roles.ADMINISTRATOR})
  @POST
  @Path("cases/{id}/assignment")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "assignCase", summary = "Sets who is to look at a case.")
  public Assignment assign(@PathParam("id") String id, Assignment assignment) {
    Case c = CaseFinder.find(cases.get(), id);
    String to = assignment == null ? null : assignment.person();
    if (to != null
        && (to.isBlank() || to.length() > LONGEST_NAME || !StorableText.is(to) || reserved(to))) {
      throw new ProblemException(
          400, "person: a sign-in name of 1 to 100 characters, not me or nobody; null for nobody");
    }
    cases.get().assign(c.id(), to);
    activity.get().record("case-assigned", "case/" + c.id());
    return new Assignment(to);
  }

  /** Filters have another meaning for these. */
  private static boolean reserved(String name) {
    return name.equals("me") || name.equals("nobody");
  }

  /**
   * A small picture of the map that stands for a case.
   *
   * @param of not read: another map has another address
   */
  @RolesAllowed(Roles.READER)
  @GET
  @Path("cases/{id}/thumbnail")
  @Produces("image/jpeg")
  @Operation(operationId = "getThumbnail", summary = "Returns a small picture of a case's map.")
  public byte[] thumbnail(
      @PathParam("id") String id,
      @Parameter(description = "Tells the pictures of a case apart; not read.") @QueryParam("of")
          String of)
      throws IOException {
    Case c = CaseFinder.find(cases.get(), id);
    String picture =
        worklist.get().rows(List.of(c.id())).stream()
            .map(WorklistRow::picture)
            .filter(blob -> !blob.isEmpty())
            .findFirst()
            .orElseThrow(() -> new ProblemException(404, "The case has no map."));
    return thumbnails.of(picture, blobs.get().path(picture));
  }

  /** Each changed row of the worklist, as it changes. */
  @RolesAllowed(Roles.READER)
  @GET
  @Path("worklist/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      operationId = "streamWorklist",
      summary = "Streams each changed row of the worklist as a server-sent event.")
  @APIResponse(
      responseCode = "200",
      description = "Events named row, each with a case as in getWorklist. Ends after 5 minutes.",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = WorklistCase.class)))
  @APIResponse(responseCode = "503", description = "200 streams are open.")
  public Multi<OutboundSseEvent> events(
      @Parameter(
              description =
                  "version of a page or row: what changed behind it is told first. Without it, only"
                      + " what changes from now on.")
          @QueryParam("since")
          String since,
      @Parameter(description = "id of the last event of a stream that ended; before since.")
          @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER)
          String lastEvent,
      @Context Sse sse) {
    Long seen = lastEvent == null ? version("since", since) : version("Last-Event-ID", lastEvent);
    WorklistEvents source = events.get();
    if (source.isFull()) {
      throw new ProblemException(
          503, WorklistEvents.MOST + " streams are open. Try again later, or reload the page.");
    }
    return Multi.createFrom()
        .<OutboundSseEvent>emitter(
            emitter -> {
              AtomicInteger quiet = new AtomicInteger();
              Consumer<List<WorklistRow>> listener =
                  rows -> {
                    rows.forEach(row -> emitter.emit(event(sse, row)));
                    if (rows.isEmpty() && quiet.getAndIncrement() % QUIET == 0) {
                      emitter.emit(sse.newEventBuilder().comment("quiet").build());
                    }
                  };
              source.add(listener, seen);
              emitter.onTermination(() -> source.remove(listener));
            })
        .select()
        .first(STREAM);
  }

  private static Long version(String name, String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (!value.matches("\\d{1,18}")) {
      throw new ProblemException(400, name + ": not a version of the worklist");
    }
    return Long.valueOf(value);
  }

  private static OutboundSseEvent event(Sse sse, WorklistRow row) {
    try {
      return sse.newEventBuilder()
          .name("row")
          .id(Long.toString(row.version()))
          .data(JSON.writeValueAsString(new WorklistCase(row)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row cannot be written as JSON", e);
    }
  }

  private WorklistQuery query(WorklistParameters filter, SecurityContext person) {
    WorklistQuery query = filter.query(name(person));
    return filter.quality == null || filter.quality.isBlank()
        ? query
        : query.among(QualityRowCases.of(quality.get(), filter.quality));
  }

  private static String name(SecurityContext person) {
    return person.getUserPrincipal().getName();
  }
}
