package org.m2ib.fhir;

import ca.uhn.fhir.util.UrlUtil;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Subscription;
import org.hl7.fhir.r4.model.Subscription.SubscriptionChannelType;
import org.hl7.fhir.r4.model.Subscription.SubscriptionStatus;
import org.m2ib.fhir.store.ResourceSearch;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.SearchParameters;
import org.m2ib.fhir.store.SearchToken;
import org.m2ib.fhir.subscription.Endpoints;
import org.m2ib.fhir.subscription.RestHook;
import org.m2ib.fhir.subscription.Subscribed.Event;
import org.m2ib.results.fhir.FhirNames;

/** What a Subscription may ask for, and whether a changed resource is what it is about. */
final class SubscriptionRules {
  private static final Set<String> PAYLOADS =
      Set.of("", "application/fhir+json", "application/fhir+xml", "application/json");

  /** Of a notification's payload (Subscriptions R5 Backport 1.1). */
  static final Set<String> CONTENTS = Set.of("empty", "id-only", "full-resource");

  private SubscriptionRules() {}

  /** Refuses with the element at fault what cannot be done, and returns the rest. */
  static RestHook check(Subscription subscription, Endpoints endpoints, FhirNames names) {
    SubscriptionStatus status = subscription.getStatus();
    if (status != SubscriptionStatus.REQUESTED
        && status != SubscriptionStatus.ACTIVE
        && status != SubscriptionStatus.OFF) {
      throw refuse("status", "must be requested or off");
    }
    if (subscription.getChannel().getType() != SubscriptionChannelType.RESTHOOK) {
      throw refuse("channel.type", "must be rest-hook");
    }
    String endpoint = String.valueOf(subscription.getChannel().getEndpoint());
    if (!endpoints.allows(endpoint)) {
      throw refuse(
          "channel.endpoint", "must be below a URL of m2ib.fhir-api.subscription-endpoints");
    }
    RestHook hook;
    try {
      hook = RestHook.of(subscription);
      if (!hook.headers().isEmpty()) {
        HttpRequest.newBuilder(URI.create(endpoint)).headers(hook.headers().toArray(String[]::new));
      }
    } catch (IllegalArgumentException e) { // its message may quote a secret
      throw refuse("channel.header", "must be a header's name, a colon and its value");
    }
    if (!PAYLOADS.contains(hook.mime())) {
      throw refuse("channel.payload", "must be application/fhir+json or application/fhir+xml");
    }
    if (!CONTENTS.contains(hook.content())) {
      throw refuse("channel.payload", "its content must be empty, id-only or full-resource");
    }
    if (hook.heartbeat().isPresent() && hook.heartbeat().get().toSeconds() < 1) {
      throw refuse("channel", "its heartbeat period must be at least 1 second");
    }
    if (hook.timeout().isPresent() && hook.timeout().get().toSeconds() < 1) {
      throw refuse("channel", "its timeout must be at least 1 second");
    }
    String known = RestHook.topic(names);
    if (hook.topic().isPresent() && !hook.topic().get().equals(known)) {
      throw refuse("criteria", "the only topic is " + known);
    }
    for (String criteria : hook.criteria()) {
      boolean ofTopic = hook.topic().isEmpty() || criteria.startsWith("Observation?");
      if (!ofTopic || !criteria.matches("[A-Za-z]+\\?.+")) {
        throw refuse(
            "criteria", "must be " + known + " or a search such as Observation?code=attribution");
      }
      search(criteria);
    }
    return hook;
  }

  private static Refusal refuse(String element, String message) {
    return Refusal.of(422, IssueType.NOTSUPPORTED, "Subscription." + element + ": " + message)
        .at("Subscription." + element);
  }

  /** Returns what a subscription looks at, for scopes. */
  static List<String> searches(RestHook hook) {
    return hook.criteria().isEmpty() ? List.of("Observation?code=attribution") : hook.criteria();
  }

  /** Parses {@code Type?parameters}, which must select resources and nothing else. */
  static SearchQuery search(String criteria) {
    String type = criteria.substring(0, criteria.indexOf('?'));
    if (SearchParameters.of(type).isEmpty()) {
      throw refuse("criteria", "this type is not served");
    }
    SearchQuery query =
        SearchQuery.parse(
            type,
            UrlUtil.parseQueryString(criteria.substring(type.length() + 1)),
            "",
            ZoneId.systemDefault());
    if (query.asked().isEmpty()
        || query.asked().keySet().stream()
            .anyMatch(name -> SearchResults.NAMES.contains(name) || name.equals("_sort"))) {
      throw refuse("criteria", "must have search parameters, and only those that select resources");
    }
    return query;
  }

  /** Whether a subscription is about a changed resource. */
  static boolean matches(ResourceStore store, RestHook hook, Event event) {
    if (hook.topic().isPresent()
        && !(event.type().equals("Observation") && isAttribution(store, event))) {
      return false;
    }
    return hook.topic().isPresent() && hook.criteria().isEmpty()
        || hook.criteria().stream().anyMatch(criteria -> finds(store, criteria, event));
  }

  private static boolean isAttribution(ResourceStore store, Event event) {
    ResourceSearch search = new ResourceSearch(event.type());
    search.tokens("code", List.of(new SearchToken(null, "attribution")));
    return store.matches(search, event.id());
  }

  private static boolean finds(ResourceStore store, String criteria, Event event) {
    if (!criteria.startsWith(event.type() + "?")) {
      return false;
    }
    return store.matches(search(criteria).search(), event.id());
  }
}
