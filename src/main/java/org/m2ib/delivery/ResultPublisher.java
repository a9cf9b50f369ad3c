package org.m2ib.delivery;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Bundle;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.judging.JudgementStore;
import org.m2ib.results.ResultGroup;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;

/**
 * Publishes a case's results: to the service's own {@code /fhir} and, through the outbox, to every
 * destination.
 */
public final class ResultPublisher {
  private final Function<Case, Destinations> destinations;
  private final FhirBundle builder;
  private final FhirJudgements judgementBuilder;
  private final Database database;
  private final CaseStore cases;
  private final ResultStore results;
  private final JudgementStore judgements;
  private final DiscordanceStore discordances;
  private final ResourceStore resources;
  private final Outbox outbox;
  private final SentResults sent;

  /**
   * @param destinations of a case, by its route
   */
  public ResultPublisher(
      Function<Case, Destinations> destinations,
      FhirBundle builder,
      FhirJudgements judgementBuilder,
      Database database,
      CaseStore cases,
      ResultStore results,
      JudgementStore judgements,
      DiscordanceStore discordances,
      ResourceStore resources,
      Outbox outbox) {
    this.destinations = destinations;
    this.builder = builder;
    this.judgementBuilder = judgementBuilder;
    this.database = database;
    this.cases = cases;
    this.results = results;
    this.judgements = judgements;
    this.discordances = discordances;
    this.resources = resources;
    this.outbox = outbox;
    this.sent = new SentResults(cases, results, outbox);
  }

  /**
   * Publishes a case after all its maps are complete. Does nothing if the case has changed in the
   * meantime; it is then attributed again.
   *
   * @param attributed the case as it was when attribution began
   * @param reason a remark for users, {@code ""} if there is none
   */
  public void publish(Case attributed, String reason) {
    database.inTransaction(
        () -> {
          if (cases
              .applyAt(attributed.id(), attributed.revision(), Event.ATTRIBUTED, reason)
              .isPresent()) {
            send(attributed.id(), reason);
            refresh(attributed.id());
          }
        });
  }

  /**
   * Withdraws the results of a cancelled report everywhere they were sent. If patient identifiers
   * disagree, they are withdrawn only in this service, and nothing is sent. Idempotent.
   */
  public void withdraw(UUID caseId) {
    database.inTransaction(
        () -> {
          Case c = cases.lock(caseId).orElseThrow();
          boolean mismatched = c.state() == CaseState.MISMATCHED;
          if (c.state() != CaseState.WITHDRAWING && !mismatched) {
            return;
          }
          List<StoredResult> valid = current(caseId);
          valid.forEach(result -> results.save(result.withdraw()));
          if (mismatched) {
            refresh(caseId);
            return;
          }
          boolean waits =
              outbox.of(caseId).stream()
                  .map(Delivery::status)
                  .anyMatch(s -> s.isOpen() || s == Delivery.Status.DEAD);
          boolean sent = !outbox.of(caseId).isEmpty() && !results.of(caseId).isEmpty();
          if (!valid.isEmpty() || !waits && sent) { // those withdrawn only here are not forgotten
            send(caseId, c.reason());
            refresh(caseId);
          } else if (!waits) {
            cases.apply(caseId, Event.ALL_DELIVERED, c.reason());
          }
        });
  }

  /** Updates the service's own resources of a case. */
  public void refresh(UUID caseId) {
    FhirBundle.resources(bundle(caseId)).forEach(resources::put);
    judgementBuilder.of(results.of(caseId), judgements.of(caseId)).forEach(resources::put);
  }

  /**
   * Returns the Bundle that withdraws, at a server that the case no longer goes to, what it has
   * got; empty if it has got nothing that was withdrawn.
   */
  Optional<Bundle> revocation(Delivery row) {
    List<StoredResult> withdrawn = sent.of(row).stream().filter(StoredResult::withdrawn).toList();
    return withdrawn.isEmpty()
        ? Optional.empty()
        : Optional.of(
            builder.of(List.of(), Set.of(), bodies(withdrawn), discordances.kept(row.caseId())));
  }

  /** Whether a case's route names a FHIR server, which no other takes the place of. */
  boolean isOfRoute(Case c, String url) {
    return c.route() != null && destinations.apply(c).fhirServers().contains(url);
  }

  /** Returns the transaction Bundle of a row. */
  Bundle bundle(Delivery row) {
    return bundle(row.caseId(), sent.of(row));
  }

  /** Returns the current transaction Bundle of a case. */
  public Bundle bundle(UUID caseId) {
    return bundle(caseId, results.of(caseId));
  }

  private Bundle bundle(UUID caseId, List<StoredResult> all) {
    Set<UUID> stored = new HashSet<>();
    boolean archived =
        outbox.of(caseId).stream()
            .filter(row -> row.kind() == Delivery.Kind.CAPTURES)
            .filter(row -> row.status() != Delivery.Status.REPLACED)
            .allMatch(row -> row.status() == Delivery.Status.DELIVERED);
    if (archived) {
      all.forEach(result -> stored.add(result.id()));
    }
    return builder.of(
        bodies(all.stream().filter(r -> !r.withdrawn()).toList()),
        stored,
        bodies(all.stream().filter(StoredResult::withdrawn).toList()),
        discordances.kept(caseId));
  }

  /** As {@link #bundle}, as JSON. */
  public String bundleJson(UUID caseId) {
    return FhirBundle.json(bundle(caseId));
  }

  private void send(UUID caseId, String reason) {
    Case c = cases.find(caseId).orElseThrow();
    Destinations to = destinations.apply(c);
    group(caseId, to);
    leave(c, to);
    Set<String> rejecting = hasRejected(caseId) ? archivesOf(caseId) : Set.of();
    rejecting.forEach(archive -> outbox.open(caseId, Kind.REJECTED, archive));
    to.archives()
        .forEach((archive, kinds) -> kinds.forEach(kind -> outbox.open(caseId, kind, archive)));
    to.fhirServers().forEach(url -> outbox.open(caseId, Kind.BUNDLE, url));
    to.hl7().forEach(receiver -> outbox.open(caseId, Kind.MESSAGE, receiver));
    to.all().forEach(destination -> outbox.noteResults(caseId, destination));
    List<Delivery.Status> now = outbox.of(caseId).stream().map(Delivery::status).toList();
    if (now.stream().noneMatch(Delivery.Status::isOpen)) {
      boolean dead = now.contains(Delivery.Status.DEAD);
      cases.apply(caseId, dead ? Event.GIVEN_UP : Event.ALL_DELIVERED, reason);
    }
  }

  /**
   * Closes the rows that the case's route does not name any more: nothing new goes there. A FHIR
   * server or HL7 receiver among them is told of what it has that was withdrawn; an archive is, by
   * its rejection note.
   */
  private void leave(Case c, Destinations to) {
    if (c.route() == null) {
      return;
    }
    String why = "the route " + c.route().name() + ", which the case takes now, does not name it";
    for (Delivery row : outbox.of(c.id())) {
      boolean withdrawal = row.kind() == Kind.REJECTED || row.kind() == Kind.REVOKED;
      if (withdrawal || to.have(row.kind(), row.destination())) {
        continue;
      }
      if (row.kind().object() == null && sent.of(row).stream().anyMatch(StoredResult::withdrawn)) {
        outbox.open(c.id(), Kind.REVOKED, row.destination());
      }
      if (row.status() != Delivery.Status.REPLACED) {
        boolean delivered = row.status() == Delivery.Status.DELIVERED;
        outbox.close(row, delivered ? why + "; delivered before" : why);
      }
    }
  }

  /** Records the group that the valid results form now, where its documents are sent. */
  private void group(UUID caseId, Destinations to) {
    List<StoredResult> all = results.of(caseId);
    List<StoredResult> valid = all.stream().filter(result -> !result.withdrawn()).toList();
    boolean documented =
        to.archives().values().stream()
            .flatMap(List::stream)
            .anyMatch(kind -> SentObjects.ofCase(kind).isPresent());
    if (!documented || valid.isEmpty()) {
      return;
    }
    List<SentenceResult> before = bodies(valid);
    List<SentenceResult> joined = ResultGroup.joined(before, ResultGroup.known(bodies(all)));
    for (int i = 0; i < valid.size(); i++) {
      if (joined.get(i) != before.get(i)) {
        results.save(valid.get(i).with(ResultJson.write(joined.get(i))));
      }
    }
  }

  private boolean hasRejected(UUID caseId) {
    List<StoredResult> all = results.of(caseId);
    List<SentenceResult> bodies = bodies(all);
    return all.stream().anyMatch(StoredResult::withdrawn)
        || bodies.stream().anyMatch(body -> !body.capture().rejected().isEmpty())
        || ResultGroup.known(bodies).size() > 1;
  }

  /** Where objects of a case went before. */
  private Set<String> archivesOf(UUID caseId) {
    return outbox.of(caseId).stream()
        .filter(row -> row.kind().object() != null)
        .map(Delivery::destination)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private List<StoredResult> current(UUID caseId) {
    return results.of(caseId).stream().filter(r -> !r.withdrawn()).toList();
  }

  private static List<SentenceResult> bodies(List<StoredResult> stored) {
    return stored.stream().map(r -> ResultJson.read(r.body())).toList();
  }
}
