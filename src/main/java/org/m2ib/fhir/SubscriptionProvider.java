package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.Delete;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Subscription;
import org.hl7.fhir.r4.model.Subscription.SubscriptionStatus;
import org.m2ib.fhir.subscription.Notifications;
import org.m2ib.fhir.subscription.Notifications.Kind;
import org.m2ib.fhir.subscription.RestHook;
import org.m2ib.fhir.subscription.Subscribed;
import org.m2ib.fhir.subscription.Subscribed.Status;
import org.m2ib.fhir.subscription.SubscriptionStore;
import org.m2ib.fhir.subscription.Subscriptions;
import org.m2ib.results.fhir.FhirNames;

/**
 * Subscriptions (FHIR R4 subscription.html, Subscriptions R5 Backport 1.1). A system has its own
 * only, the user all. Headers for the endpoint may be secrets and are not given out.
 */
public final class SubscriptionProvider implements IResourceProvider {
  static final String TYPE = "Subscription";
  private static final String STATUS = "$status";

  private static final List<String> CODES =
      Stream.of(Status.values()).map(SubscriptionProvider::code).toList();

  /** In one answer to {@code $events}. */
  private static final int MOST_EVENTS = 200;

  private final FhirContext fhir;
  private final Supplier<SubscriptionStore> store;
  private final Supplier<Subscriptions> subscriptions;
  private final FhirNames names;

  SubscriptionProvider(
      FhirContext fhir,
      Supplier<SubscriptionStore> store,
      Supplier<Subscriptions> subscriptions,
      FhirNames names) {
    this.fhir = fhir;
    this.store = store;
    this.subscriptions = subscriptions;
    this.names = names;
  }

  @Override
  public Class<? extends IBaseResource> getResourceType() {
    return Subscription.class;
  }

  @Create
  public MethodOutcome create(@ResourceParam Subscription subscription, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    if (request.getHeader("If-None-Exist") != null) {
      throw Refusal.of(412, IssueType.NOTSUPPORTED, "If-None-Exist is not supported here");
    }
    return outcome(put(UUID.randomUUID().toString(), subscription, request), true);
  }

  @Update
  public MethodOutcome update(
      @IdParam IdType id, @ResourceParam Subscription subscription, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    if (request.getHeader("If-Match") != null) {
      throw Refusal.of(412, IssueType.NOTSUPPORTED, "Subscriptions have no versions to match");
    }
    find(id, request);
    return outcome(put(id.getIdPart(), subscription, request), false);
  }

  @Delete
  public void delete(@IdParam IdType id, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    store.get().delete(find(id, request).id());
  }

  @Read
  public Subscription read(@IdParam IdType id, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    return given(find(id, request));
  }

  /** All that the client may see: there are few. */
  @Search(allowUnknownParams = true)
  public Bundle search(RequestDetails request) {
    SearchQuery.none(request.getParameters());
    Access access = Access.of(request);
    Bundle bundle = new Bundle().setType(BundleType.SEARCHSET);
    String base = request.getFhirServerBase() + "/" + TYPE;
    bundle.addLink().setRelation("self").setUrl(base);
    store.get().all().stream()
        .filter(one -> isOf(one, access))
        .forEach(
            one ->
                bundle
                    .addEntry()
                    .setFullUrl(base + "/" + one.id())
                    .setResource(given(one))
                    .getSearch()
                    .setMode(SearchEntryMode.MATCH));
    return bundle.setTotal(bundle.getEntry().size());
  }

  /** The SubscriptionStatus of one subscription (Subscriptions R5 Backport 1.1, $status). */
  @Operation(name = STATUS, idempotent = true)
  public Bundle status(@IdParam IdType id, RequestDetails request) {
    SearchQuery.none(OperationInput.of(fhir, request));
    Access.of(request).require(TYPE, 'r');
    return statuses(List.of(find(id, request)));
  }

  /** The same of those with one of the given ids and one of the given states, each if given. */
  @Operation(name = STATUS, idempotent = true)
  public Bundle status(RequestDetails request) {
    Map<String, String[]> asked = OperationInput.of(fhir, request);
    List<String> ids = OperationInput.all(asked, "id");
    List<String> states = OperationInput.all(asked, "status");
    SearchQuery.none(asked);
    if (!CODES.containsAll(states)) {
      throw Refusal.parameter(
          "status", IssueType.INVALID, "must be of " + String.join(", ", CODES));
    }
    Access access = Access.of(request);
    access.search(TYPE);
    return statuses(
        store.get().all().stream()
            .filter(one -> isOf(one, access))
            .filter(one -> ids.isEmpty() || ids.contains(one.id()))
            .filter(one -> states.isEmpty() || states.contains(code(one)))
            .toList());
  }

  private static Bundle statuses(List<Subscribed> found) {
    Bundle bundle = new Bundle().setType(BundleType.SEARCHSET).setTotal(found.size());
    for (Subscribed one : found) {
      Optional<String> topic = RestHook.of(Subscriptions.resource(one)).topic();
      bundle
          .addEntry()
          .setFullUrl("urn:uuid:" + UUID.randomUUID())
          .setResource(Notifications.status(one, topic, Kind.QUERY))
          .getSearch()
          .setMode(SearchEntryMode.MATCH);
    }
    return bundle;
  }

  /**
   * Past events by their numbers, as a notification (Subscriptions R5 Backport 1.1, $events). The
   * oldest may have been forgotten.
   */
  @Operation(name = "$events", idempotent = true)
  public Bundle events(@IdParam IdType id, RequestDetails request) {
    Map<String, String[]> asked = OperationInput.of(fhir, request);
    long first = number(asked, "eventsSinceNumber", 1);
    long last = number(asked, "eventsUntilNumber", Long.MAX_VALUE);
    String content = OperationInput.take(asked, "content");
    SearchQuery.none(asked);
    if (content != null && !SubscriptionRules.CONTENTS.contains(content)) {
      throw Refusal.parameter(
          "content", IssueType.INVALID, "must be empty, id-only or full-resource");
    }
    Access access = Access.of(request);
    access.require(TYPE, 'r');
    Subscribed found = find(id, request);
    RestHook hook = RestHook.of(Subscriptions.resource(found));
    mayRead(hook, access);
    return subscriptions
        .get()
        .past(
            found,
            store.get().events(found.id(), first, last, MOST_EVENTS),
            content == null ? hook.content() : content);
  }

  private static long number(Map<String, String[]> asked, String name, long otherwise) {
    String value = OperationInput.take(asked, name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,18}")) {
      throw Refusal.parameter(name, IssueType.INVALID, "must be the number of an event");
    }
    return Long.parseLong(value);
  }

  private static void mayRead(RestHook hook, Access access) {
    for (String criteria : SubscriptionRules.searches(hook)) {
      SubscriptionRules.search(criteria).types().forEach(access::search);
    }
  }

  private Subscribed find(IdType id, RequestDetails request) {
    Access access = Access.of(request);
    Optional<Subscribed> found = store.get().find(id.getIdPart());
    return found
        .filter(one -> isOf(one, access))
        .orElseThrow(() -> Refusal.of(404, IssueType.NOTFOUND, "no resource has this id"));
  }

  private static boolean isOf(Subscribed subscribed, Access access) {
    return access.scopes().isEmpty() || subscribed.client().equals(access.client());
  }

  private Subscribed put(String id, Subscription subscription, RequestDetails request) {
    Access access = Access.of(request);
    if (subscription == null) {
      throw Refusal.of(400, IssueType.REQUIRED, "the body must be a Subscription");
    }
    RestHook hook = SubscriptionRules.check(subscription, subscriptions.get().endpoints(), names);
    mayRead(hook, access);
    boolean off = subscription.getStatus() == SubscriptionStatus.OFF;
    long others = store.get().live().stream().filter(one -> !one.id().equals(id)).count();
    if (!off && others >= Subscriptions.MOST) {
      throw Refusal.of(
          422,
          IssueType.TOOCOSTLY,
          "at most " + Subscriptions.MOST + " subscriptions may be active");
    }
    subscription.setId(id);
    String body = fhir.newJsonParser().encodeResourceToString(subscription);
    Subscribed stored =
        store
            .get()
            .put(
                id,
                access.client(),
                request.getFhirServerBase(),
                body,
                off ? Status.OFF : Status.REQUESTED);
    if (!off) {
      subscriptions.get().wake(id);
    }
    return stored;
  }

  private static MethodOutcome outcome(Subscribed stored, boolean created) {
    MethodOutcome outcome = new MethodOutcome(new IdType(TYPE, stored.id()), created);
    outcome.setResource(given(stored));
    return outcome;
  }

  private static String code(Subscribed stored) {
    return code(stored.status());
  }

  private static String code(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  /** Returns a subscription with its state and without its headers. */
  private static Subscription given(Subscribed stored) {
    Subscription subscription = Subscriptions.resource(stored);
    subscription.setId(new IdType(TYPE, stored.id()));
    subscription.getMeta().setLastUpdated(Date.from(stored.updatedAt()));
    subscription.setStatus(SubscriptionStatus.fromCode(code(stored)));
    subscription.setError(stored.error().isEmpty() ? null : stored.error());
    subscription.getChannel().setHeader(null);
    return subscription;
  }
}
