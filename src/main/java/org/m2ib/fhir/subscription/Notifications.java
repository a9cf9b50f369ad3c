package org.m2ib.fhir.subscription;

import ca.uhn.fhir.context.FhirContext;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.StoredVersion;
import org.m2ib.fhir.subscription.Subscribed.Event;

/**
 * Builds notification Bundles (Subscriptions R5 Backport 1.1, notifications): for R4 a history
 * whose first entry is the SubscriptionStatus as Parameters.
 */
public final class Notifications {
  private final ResourceStore resources;
  private final Function<StoredVersion, Optional<Resource>> reader;
  private final Clock clock;

  /**
   * @param reader empty for an unreadable resource
   */
  public Notifications(
      ResourceStore resources, Function<StoredVersion, Optional<Resource>> reader, Clock clock) {
    this.resources = resources;
    this.reader = reader;
    this.clock = clock;
  }

  /** Kind of notification, as the code system subscription-notification-type names it. */
  public enum Kind {
    HANDSHAKE("handshake"),
    HEARTBEAT("heartbeat"),
    EVENT("event-notification"),
    QUERY("query-status"),
    QUERY_EVENT("query-event");

    private final String code;

    Kind(String code) {
      this.code = code;
    }
  }

  /** Returns the resource of an event as it was then; empty if it cannot be read. */
  Optional<Resource> resource(Event event) {
    return resources.find(event.type(), event.id(), event.version()).flatMap(reader);
  }

  /**
   * @param content of the payload: empty, id-only or full-resource
   */
  Bundle bundle(
      Subscribed subscribed, RestHook hook, Kind kind, List<Event> events, String content) {
    Bundle bundle = new Bundle();
    bundle.setId(UUID.randomUUID().toString());
    bundle.getMeta().addProfile(RestHook.PROFILES + "backport-subscription-notification-r4");
    bundle.setType(BundleType.HISTORY);
    bundle.setTimestamp(Date.from(clock.instant()));
    Parameters status = status(subscribed, hook.topic(), kind);
    events.forEach(event -> add(status, subscribed, event, content));
    Bundle.BundleEntryComponent first = bundle.addEntry();
    first.setFullUrl("urn:uuid:" + UUID.randomUUID()).setResource(status);
    first
        .getRequest()
        .setMethod(HTTPVerb.GET)
        .setUrl(subscribed.base() + "/Subscription/" + subscribed.id() + "/$status");
    first.getResponse().setStatus("200");
    for (Event event : content.equals("empty") ? List.<Event>of() : events) {
      String reference = event.type() + "/" + event.id();
      Bundle.BundleEntryComponent entry = bundle.addEntry();
      entry.setFullUrl(subscribed.base() + "/" + reference);
      boolean made = event.version() == 1;
      entry
          .getRequest()
          .setMethod(made ? HTTPVerb.POST : HTTPVerb.PUT)
          .setUrl(made ? event.type() : reference);
      entry.getResponse().setStatus(made ? "201" : "200");
      if (content.equals("full-resource")) {
        resource(event).ifPresent(entry::setResource);
      }
    }
    return bundle;
  }

  /** Returns the SubscriptionStatus in R4's form. */
  public static Parameters status(Subscribed subscribed, Optional<String> topic, Kind kind) {
    Parameters status = new Parameters();
    status.setId(UUID.randomUUID().toString());
    status.getMeta().addProfile(RestHook.PROFILES + "backport-subscription-status-r4");
    status
        .addParameter()
        .setName("subscription")
        .setValue(new Reference(subscribed.base() + "/Subscription/" + subscribed.id()));
    topic.ifPresent(t -> status.addParameter().setName("topic").setValue(new CanonicalType(t)));
    String code = subscribed.status().name().toLowerCase(java.util.Locale.ROOT);
    status.addParameter().setName("status").setValue(new CodeType(code));
    status.addParameter().setName("type").setValue(new CodeType(kind.code));
    status
        .addParameter()
        .setName("events-since-subscription-start")
        .setValue(new StringType(String.valueOf(subscribed.events())));
    if (!subscribed.error().isEmpty()) {
      status
          .addParameter()
          .setName("error")
          .setValue(new org.hl7.fhir.r4.model.CodeableConcept().setText(subscribed.error()));
    }
    return status;
  }

  /** Adds an event with its number, the time of the change and, unless empty, what changed. */
  private void add(Parameters status, Subscribed subscribed, Event event, String content) {
    ParametersParameterComponent one = status.addParameter().setName("notification-event");
    one.addPart().setName("event-number").setValue(new StringType(String.valueOf(event.number())));
    resources
        .find(event.type(), event.id(), event.version())
        .ifPresent(
            changed ->
                one.addPart()
                    .setName("timestamp")
                    .setValue(new InstantType(Date.from(changed.updated()))));
    if (!content.equals("empty")) {
      one.addPart()
          .setName("focus")
          .setValue(new Reference(subscribed.base() + "/" + event.type() + "/" + event.id()));
    }
  }

  static String encoded(Resource resource, boolean xml) {
    FhirContext fhir = FhirContext.forR4Cached();
    return (xml ? fhir.newXmlParser() : fhir.newJsonParser()).encodeResourceToString(resource);
  }
}
