package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.CampaignCsv;
import org.m2ib.campaigns.CampaignReport;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.campaigns.CampaignText;
import org.m2ib.campaigns.CampaignText.Wording;
import org.m2ib.campaigns.Item;
import org.m2ib.campaigns.SignInNames;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Stage;
import org.m2ib.pages.Frame;
import org.m2ib.pages.Texts;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirCampaignReport;
import org.m2ib.review.CampaignAnswers.CampaignDetails;
import org.m2ib.review.CampaignAnswers.CampaignEntry;
import org.m2ib.review.CampaignAnswers.CampaignItem;
import org.m2ib.review.CampaignAnswers.CampaignItems;
import org.m2ib.review.CampaignAnswers.CampaignList;
import org.m2ib.review.CampaignAnswers.CampaignReportAnswer;

/** {@code /api/campaigns}: samples that are judged to answer a question. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/campaigns")
@Blocking
public class CampaignsResource {
  private static final MediaType CSV = new MediaType("text", "csv");
  private static final MediaType PDF = new MediaType("application", "pdf");
  private static final MediaType FHIR = new MediaType("application", "fhir+json");

  private final Supplier<CampaignStore> campaigns;
  private final Supplier<JudgementStore> judgements;
  private final Supplier<ResultStore> results;
  private final Supplier<JudgingPolicy> policy;
  private final Supplier<SignInNames> users;
  private final Supplier<FhirBundle.Settings> fhir;
  private final Supplier<Clock> clock;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public CampaignsResource(
      Instance<CampaignStore> campaigns,
      Instance<JudgementStore> judgements,
      Instance<ResultStore> results,
      Instance<JudgingPolicy> policy,
      Instance<SignInNames> users,
      Instance<FhirBundle.Settings> fhir,
      Instance<Clock> clock) {
    this.campaigns = campaigns::get;
    this.judgements = judgements::get;
    this.results = results::get;
    this.policy = policy::get;
    this.users = users::get;
    this.fhir = fhir::get;
    this.clock = clock::get;
  }

  CampaignsResource(
      CampaignStore campaigns,
      JudgementStore judgements,
      ResultStore results,
      JudgingPolicy policy,
      SignInNames users,
      FhirBundle.Settings fhir,
      Clock clock) {
    this.campaigns = () -> campaigns;
    this.judgements = () -> judgements;
    this.results = () -> results;
    this.policy = () -> policy;
    this.users = () -> users;
    this.fhir = () -> fhir;
    this.clock = () -> clock;
  }

  /** Every campaign, the latest first. */
  @GET
  @Operation(operationId = "listCampaigns", summary = "Lists campaigns, the latest first.")
  public CampaignList all(@Context SecurityContext who) {
    return all(who.getUserPrincipal().getName());
  }

  CampaignList all(String person) {
    Instant now = clock.get().instant();
    return new CampaignList(
        campaigns.get().all().stream()
            .map(c -> CampaignEntry.of(c, report(c), person, now))
            .toList());
  }

  /** Draws a sample and gives it to its readers. */
  @RolesAllowed({Roles.ADMINISTRATOR, Roles.ARBITER})
  @POST
  @Operation(
      operationId = "startCampaign",
      summary = "Draws a sample of sentences and gives it to its readers.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CampaignBody.class)))
  @APIResponse(
      responseCode = "201",
      description = "The campaign.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CampaignDetails.class)))
  public Response start(@Context HttpHeaders headers, @Context SecurityContext who, byte[] body) {
    return start(CampaignBody.read(headers.getMediaType(), body), who.getUserPrincipal().getName());
  }

  Response start(CampaignBody body, String person) {
    Campaign made = body.campaign(policy.get().schemes(), person, judgements.get().now());
    try {
      campaigns.get().create(made, policy.get().authors());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(409, e.getMessage());
    }
    return Response.created(URI.create("/api/campaigns/" + made.id()))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(details(made))
        .build();
  }

  /** One campaign and how far its readers are. */
  @GET
  @Path("{id}")
  @Operation(operationId = "getCampaign", summary = "Returns a campaign and its progress.")
  public CampaignDetails get(@PathParam("id") String id) {
    return details(find(id));
  }

  /** Ends a campaign. */
  @RolesAllowed({Roles.ADMINISTRATOR, Roles.ARBITER})
  @POST
  @Path("{id}/close")
  @Operation(operationId = "closeCampaign", summary = "Ends a campaign: nothing more is taken.")
  public CampaignDetails close(@PathParam("id") String id) {
    Campaign c = find(id);
    campaigns.get().close(c.id(), judgements.get().now());
    return details(find(id));
  }

  /** What the signed-in person has to judge in a campaign. */
  @GET
  @Path("{id}/items")
  @Operation(
      operationId = "listCampaignItems",
      summary = "Lists what the signed-in person judges in a campaign, in their order.")
  public CampaignItems items(@PathParam("id") String id, @Context SecurityContext who) {
    return items(id, who.getUserPrincipal().getName());
  }

  CampaignItems items(String id, String person) {
    Campaign c = find(id);
    Map<Integer, Item> byNumber = new HashMap<>();
    campaigns.get().items(c.id()).forEach(item -> byNumber.put(item.number(), item));
    Set<UUID> judged =
        Judgement.counting(judgements.get().ofCampaign(c.id())).stream()
            .filter(j -> j.person().equals(person) && j.stage() == Stage.WITH_MAP)
            .map(Judgement::resultId)
            .collect(Collectors.toSet());
    List<CampaignItem> own =
        campaigns.get().assignments(c.id()).stream()
            .filter(a -> a.person().equals(person))
            .sorted(Comparator.comparing(a -> a.place()))
            .map(a -> item(c, a.place(), byNumber.get(a.item()), judged))
            .toList();
    return new CampaignItems(c.scheme(), c.blind(), c.isOpen(clock.get().instant()), own);
  }

  private CampaignItem item(Campaign c, int place, Item item, Set<UUID> judged) {
    StoredResult now = results.get().find(item.resultId()).orElse(null);
    int n = now == null ? item.position() : now.position();
    return new CampaignItem(
        place,
        item.caseId(),
        item.resultId(),
        judged.contains(item.resultId()),
        now == null || now.withdrawn(),
        "/cases/%s?campaign=%s#%d".formatted(item.caseId(), c.id(), n));
  }

  /** What a campaign found. */
  @GET
  @Path("{id}/report")
  @Operation(
      operationId = "getCampaignReport",
      summary = "Returns what a campaign found, as JSON, CSV, PDF or FHIR MeasureReport.")
  @APIResponse(
      responseCode = "200",
      description = "The report.",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = CampaignReportAnswer.class)),
        @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)),
        @Content(
            mediaType = "application/pdf",
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = "application/fhir+json; fhirVersion=4.0",
            schema = @Schema(type = SchemaType.OBJECT))
      })
  @APIResponse(
      responseCode = "403",
      description = "The campaign is open and the person may not see yet what others said.")
  @APIResponse(responseCode = "406", description = "Accept allows no form.")
  public Response report(
      @PathParam("id") String id, @Context HttpHeaders headers, @Context SecurityContext who) {
    boolean leads = who.isUserInRole(Roles.ADMINISTRATOR) || who.isUserInRole(Roles.ARBITER);
    return report(
        id,
        headers.getAcceptableMediaTypes(),
        who.getUserPrincipal().getName(),
        leads,
        Frame.texts(headers));
  }

  /**
   * @param texts of the PDF file; the other forms are for programs
   */
  Response report(String id, List<MediaType> accepted, String person, boolean leads, Texts texts) {
    Campaign c = find(id);
    CampaignReport report = report(c);
    Instant now = judgements.get().now();
    if (c.isOpen(now) && (!leads || isUnfinished(report, person))) {
      throw new ProblemException(
          403,
          Refusal.CAMPAIGN_REPORT_LATER,
          "While the campaign is open, only an administrator or arbiter who has nothing left to"
              + " judge in it sees its report.");
    }
    MediaType form =
        List.of(MediaType.APPLICATION_JSON_TYPE, CSV, PDF, FHIR).stream()
            .max(Comparator.comparingDouble(type -> Accept.weight(accepted, type)))
            .filter(type -> Accept.weight(accepted, type) > 0)
            .orElseThrow(
                () ->
                    new ProblemException(
                        406,
                        "Accept: a report is application/json, text/csv, application/pdf or"
                            + " application/fhir+json"));
    Object body;
    if (form.equals(CSV)) {
      body =
          CampaignCsv.of(
              scheme(c),
              campaigns.get().items(c.id()),
              c.isOpen(now)
                  ? Blinding.open(judgements.get().ofCampaign(c.id()))
                  : judgements.get().ofCampaign(c.id()));
    } else if (form.equals(PDF)) {
      body = CampaignText.pdf(c, scheme(c), report, now, new Wording(texts.language(), texts::of));
    } else if (form.equals(FHIR)) {
      body = new FhirCampaignReport(fhir.get().names()).json(c, report, Date.from(now));
    } else {
      body = new CampaignReportAnswer(now, details(c), report);
    }
    return Response.ok(body, form.equals(CSV) ? CSV.withCharset("utf-8") : form)
        .header(
            HttpHeaders.VARY,
            String.join(", ", HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_LANGUAGE, HttpHeaders.COOKIE))
        .build();
  }

  private static boolean isUnfinished(CampaignReport report, String person) {
    return report.readers().stream()
        .filter(reader -> reader.person().equals(person))
        .anyMatch(reader -> reader.judged() < reader.assigned());
  }

  private CampaignDetails details(Campaign c) {
    return CampaignDetails.of(
        c, report(c), users.get().unknown(c.readers()), clock.get().instant());
  }

  private CampaignReport report(Campaign c) {
    return CampaignReport.of(
        c,
        scheme(c),
        campaigns.get().items(c.id()),
        campaigns.get().assignments(c.id()),
        judgements.get().ofCampaign(c.id()),
        campaigns.get().withdrawn(c.id()));
  }

  private Scheme scheme(Campaign c) {
    return policy.get().schemes().find(c.scheme(), c.version()).orElseThrow();
  }

  private Campaign find(String id) {
    try {
      return campaigns
          .get()
          .find(UUID.fromString(id))
          .orElseThrow(
              () ->
                  new ProblemException(
                      404, Refusal.CAMPAIGN_UNKNOWN, "There is no such campaign."));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(404, "There is no such campaign: the id is not a UUID.");
    }
  }
}
