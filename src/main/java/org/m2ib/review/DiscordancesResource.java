package org.m2ib.review;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.api.JsonBody;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.ThresholdProposal;
import org.m2ib.review.DiscordanceAnswers.DiscordanceDetails;
import org.m2ib.review.DiscordanceAnswers.Queue;
import org.m2ib.review.DiscordanceAnswers.Threshold;

/** {@code /api/discordances}: the ranked queue, its judgements and the site's threshold. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/discordances")
@Blocking
public class DiscordancesResource {
  /** Share of reports with an error for which probabilities are computed. */
  static final double PREVALENCE = 0.005;

  /** Score from which on discordances are shown until a site accepts another. */
  static final double DEFAULT = 0.5;

  private static final List<String> VERDICTS = List.of("confirmed", "not-confirmed", "cannot-tell");
  private static final int MOST = 200;

  private final Supplier<DiscordanceStore> store;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public DiscordancesResource(Instance<DiscordanceStore> store) {
    this.store = store::get;
  }

  DiscordancesResource(DiscordanceStore store) {
    this.store = () -> store;
  }

  /** The body of a judgement. */
  record JudgedAs(String verdict) {}

  /** The body of an accepted threshold. */
  record Accepted(double score) {}

  /**
   * A page of the queue, the most doubtful first.
   *
   * @param judged {@code true}, {@code false} (usual) or {@code all}
   * @param kind code; absent for all
   * @param least lowest score; absent for the threshold in force
   * @param after place of the last of the page before
   */
  @GET
  @Operation(
      operationId = "listDiscordances",
      summary = "Lists where reports and images may disagree, the most doubtful first.")
  public Queue queue(
      @Parameter(description = "true, false (usual) or all.") @QueryParam("judged") String judged,
      @Parameter(description = "Code of a kind; absent for all.") @QueryParam("kind") String kind,
      @Parameter(description = "Lowest score; absent for the threshold in force.")
          @QueryParam("least")
          String least,
      @Parameter(description = "Place of the last of the page before, as in next.")
          @QueryParam("after")
          String after,
      @Parameter(description = "Number of entries, 1 to 200.") @QueryParam("limit") String limit,
      @Context SecurityContext who) {
    return queue(judged, kind, least, after, limit, who.getUserPrincipal().getName());
  }

  Queue queue(String judged, String kind, String least, String after, String limit, String person) {
    String which = judged == null ? "false" : judged;
    if (!List.of("true", "false", "all").contains(which)) {
      throw new ProblemException(400, "judged: must be true, false or all");
    }
    List<String> kinds = Arrays.stream(Kind.values()).map(Kind::code).toList();
    if (kind != null && !kinds.contains(kind)) {
      throw new ProblemException(400, "kind: must be one of " + kinds);
    }
    double score = least == null ? threshold() : share("least", least);
    int most = limit == null ? 50 : (int) number("limit", limit, 1, MOST);
    List<StoredDiscordance> found =
        store
            .get()
            .queue(
                new DiscordanceStore.Query(
                    which.equals("all") ? null : Boolean.valueOf(which),
                    score == 0 ? -Double.MAX_VALUE : logOdds(score),
                    kind,
                    after == null ? null : place(after),
                    most + 1));
    List<StoredDiscordance> page = found.subList(0, Math.min(most, found.size()));
    String next = null;
    if (found.size() > most) {
      StoredDiscordance last = page.get(most - 1);
      next =
          "/api/discordances?judged=%s%s&least=%s&after=%s_%s&limit=%d"
              .formatted(
                  which, kind == null ? "" : "&kind=" + kind, score, last.rank(), last.id(), most);
    }
    return new Queue(score, PREVALENCE, details(page, person), next);
  }

  /** Judges one; the latest judgement counts. */
  @RolesAllowed(Roles.REVIEWER)
  @POST
  @Path("{id}/judgements")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "judgeDiscordance",
      summary = "Judges a discordance: confirmed, not-confirmed or cannot-tell.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = JudgedAs.class)))
  @Recorded(action = "discordance-judged", subject = "discordance/{id}")
  public DiscordanceDetails judge(
      @PathParam("id") String id, @Context SecurityContext who, byte[] body) {
    return judge(id, who.getUserPrincipal().getName(), body);
  }

  DiscordanceDetails judge(String id, String person, byte[] body) {
    String verdict = field(body, "verdict").asText();
    if (!VERDICTS.contains(verdict)) {
      throw new ProblemException(400, "verdict: must be one of " + VERDICTS);
    }
    StoredDiscordance found = find(id);
    store.get().judge(found, verdict, person);
    return details(find(id), person);
  }

  /**
   * Undoes a person's own judgement, if it is the one that counts; the one before it counts then.
   */
  @RolesAllowed(Roles.REVIEWER)
  @DELETE
  @Path("{id}/judgements/{judgement}")
  @Operation(
      operationId = "undoDiscordanceJudgement",
      summary = "Undoes a person's own latest judgement of a discordance.")
  @APIResponseSchema(
      value = DiscordanceDetails.class,
      responseCode = "200",
      responseDescription = "OK")
  @APIResponse(responseCode = "403", description = "The judgement is another person's.")
  @APIResponse(responseCode = "409", description = "The judgement does not count any more.")
  @Recorded(action = "discordance-judgement-undone", subject = "discordance/{id}")
  public DiscordanceDetails undo(
      @PathParam("id") String id,
      @PathParam("judgement") String judgement,
      @Context SecurityContext who) {
    return undo(id, judgement, who.getUserPrincipal().getName());
  }

  DiscordanceDetails undo(String id, String judgement, String person) {
    StoredDiscordance found = find(id);
    DiscordanceStore.Judgement own =
        uuid(judgement)
            .flatMap(each -> store.get().judgement(found.id(), each))
            .orElseThrow(() -> new ProblemException(404, "The discordance has no such judgement."));
    Undoing.checkOwn(own.person(), person);
    Undoing.checkCounts(store.get().undo(found.id(), own.id()));
    return details(find(id), person);
  }

  private DiscordanceDetails details(StoredDiscordance one, String person) {
    return details(List.of(one), person).get(0);
  }

  private List<DiscordanceDetails> details(List<StoredDiscordance> page, String person) {
    Map<UUID, DiscordanceStore.Judgement> counting =
        store.get().counting(page.stream().map(StoredDiscordance::id).toList());
    return page.stream()
        .map(
            one -> {
              DiscordanceStore.Judgement judgement = counting.get(one.id());
              boolean own = judgement != null && judgement.person().equals(person);
              return DiscordanceDetails.of(one, own ? judgement.id() : null);
            })
        .toList();
  }

  /** The threshold in force, and one proposed from what was judged. */
  @GET
  @Path("threshold")
  @Operation(
      operationId = "discordanceThreshold",
      summary = "The score from which on discordances are shown, and a proposal.")
  public Threshold proposal() {
    List<ThresholdProposal.Judged> judged =
        store.get().judged().stream()
            .filter(j -> !j.verdict().equals("cannot-tell"))
            .map(
                j ->
                    new ThresholdProposal.Judged(
                        DiscordanceAnswers.probability(j.logOdds(), 0.5),
                        j.verdict().equals("confirmed")))
            .toList();
    return new Threshold(
        threshold(), store.get().threshold().isPresent(), ThresholdProposal.of(judged));
  }

  /** Accepts a threshold. */
  @RolesAllowed(Roles.ADMINISTRATOR)
  @POST
  @Path("threshold")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "acceptDiscordanceThreshold",
      summary = "Accepts the score from which on discordances are shown.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = Accepted.class)))
  @Recorded(action = "discordance-threshold-accepted", subject = "discordances/threshold")
  public Threshold accept(@Context SecurityContext who, byte[] body) {
    return accept(who.getUserPrincipal().getName(), body);
  }

  Threshold accept(String person, byte[] body) {
    JsonNode score = field(body, "score");
    if (!score.isNumber()) {
      throw new ProblemException(400, "score: must be a number from 0 to below 1");
    }
    store.get().accept(share("score", score.asText()), person);
    return proposal();
  }

  private double threshold() {
    return store.get().threshold().orElse(DEFAULT);
  }

  private StoredDiscordance find(String id) {
    UUID known =
        uuid(id)
            .orElseThrow(
                () ->
                    new ProblemException(
                        404, "There is no discordance with this id: it is not a UUID."));
    return store
        .get()
        .find(known)
        .orElseThrow(
            () ->
                new ProblemException(
                    404, Refusal.DISCORDANCE_GONE, "There is no such discordance any more."));
  }

  private static Optional<UUID> uuid(String id) {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static JsonNode field(byte[] body, String name) {
    String only = " with " + name + " only";
    JsonNode json = JsonBody.object(body, only);
    if (json.size() != 1 || !json.has(name)) {
      throw JsonBody.notAnObject(only);
    }
    return json.get(name);
  }

  private static DiscordanceStore.Place place(String after) {
    int at = after.lastIndexOf('_');
    try {
      return new DiscordanceStore.Place(
          Double.parseDouble(after.substring(0, Math.max(at, 0))),
          UUID.fromString(after.substring(at + 1)));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "after: must be as in next");
    }
  }

  private static double share(String name, String value) {
    double number = number(name, value, 0, 1);
    if (number == 1) {
      throw new ProblemException(400, name + ": must be a number from 0 to below 1");
    }
    return number;
  }

  private static double number(String name, String value, double from, double to) {
    try {
      double number = Double.parseDouble(value);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ProblemException(
        400, "%s: must be a number from %.0f to %.0f".formatted(name, from, to));
  }

  private static double logOdds(double score) {
    return Math.log(score / (1 - score));
  }
}
