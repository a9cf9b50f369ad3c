package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.m2ib.api.Roles;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Judgement.Unit;
import org.m2ib.judging.JudgementStore;

/** {@code /api/arbitrations}: where independent readers differ and nobody has decided. */
@RolesAllowed(Roles.ARBITER)
@Path("/api/arbitrations")
@Blocking
public class ArbitrationsResource {
  private static final int MOST_CASES = 1000;

  private final Supplier<JudgementStore> judgements;
  private final Supplier<ResultStore> results;
  private final Supplier<CampaignStore> campaigns;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public ArbitrationsResource(
      Instance<JudgementStore> judgements,
      Instance<ResultStore> results,
      Instance<CampaignStore> campaigns) {
    this.judgements = judgements::get;
    this.results = results::get;
    this.campaigns = campaigns::get;
  }

  ArbitrationsResource(JudgementStore judgements, ResultStore results, CampaignStore campaigns) {
    this.judgements = () -> judgements;
    this.results = () -> results;
    this.campaigns = () -> campaigns;
  }

  /** Those that the signed-in person may decide. */
  record UndecidedList(List<Undecided> sentences) {}

  /**
   * @param n position of the sentence in its case, from 0
   * @param campaign null outside of one
   * @param page where it is decided
   */
  record Undecided(UUID caseId, UUID sentence, int n, String scheme, UUID campaign, String page) {}

  /** Sentences on which independent readers differ, none of them the signed-in person. */
  @GET
  @Operation(
      operationId = "listArbitrations",
      summary = "Lists sentences on which independent readers differ and nobody has decided.")
  public UndecidedList get(@Context SecurityContext who) {
    return get(who.getUserPrincipal().getName());
  }

  UndecidedList get(String person) {
    List<Undecided> found = new ArrayList<>();
    Set<UUID> closed =
        campaigns.get().all().stream()
            .filter(campaign -> !campaign.takesDecisions())
            .map(Campaign::id)
            .collect(Collectors.toSet());
    for (UUID caseId : judgements.get().readIndependently(MOST_CASES)) {
      List<Judgement> all = judgements.get().of(caseId);
      Set<Unit> units = new LinkedHashSet<>();
      all.forEach(j -> units.add(j.unit()));
      for (Unit unit : units) {
        StoredResult result = results.get().find(unit.resultId()).orElse(null);
        if (result != null
            && !result.withdrawn()
            && !closed.contains(unit.campaign())
            && isUndecided(all, unit, person)) {
          found.add(undecided(result, unit));
        }
      }
    }
    return new UndecidedList(found);
  }

  private static boolean isUndecided(List<Judgement> all, Unit unit, String person) {
    List<Judgement> readings = Blinding.readings(all, unit);
    return Blinding.isComplete(all, unit)
        && JudgingRules.differ(readings)
        && readings.stream().noneMatch(j -> j.person().equals(person))
        && Blinding.decisions(all, unit).isEmpty();
  }

  private static Undecided undecided(StoredResult result, Unit unit) {
    String campaign = unit.campaign() == null ? "" : "?campaign=" + unit.campaign();
    return new Undecided(
        result.caseId(),
        result.id(),
        result.position(),
        unit.scheme(),
        unit.campaign(),
        "/cases/%s%s#%d".formatted(result.caseId(), campaign, result.position()));
  }
}
