package org.m2ib.fhir.subscription;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Subscription;
import org.m2ib.results.fhir.FhirNames;

/**
 * What a Subscription asks for: by criteria (FHIR R4 subscription.html) or, if the criteria are a
 * topic, as the Subscriptions R5 Backport (1.1) describes it.
 *
 * @param endpoint URL
 * @param headers name and value of each further header, in turn
 * @param mime payload's media type, {@code ""} for none
 * @param topic canonical URL; empty for plain criteria
 * @param criteria searches of which one must find a resource; with a topic, none is no restriction
 * @param content empty, id-only or full-resource
 * @param heartbeat pause after which the subscriber is told that there was nothing
 * @param most events in one notification
 * @param timeout longest wait for an answer that the subscriber wants
 * @param end when it ends
 */
public record RestHook(
    URI endpoint,
    List<String> headers,
    String mime,
    Optional<String> topic,
    List<String> criteria,
    String content,
    Optional<Duration> heartbeat,
    int most,
    Optional<Duration> timeout,
    Optional<Instant> end) {
  private static final String TOPIC = "/SubscriptionTopic/result";

  /** The one topic: an attribution's Observation was made, changed or withdrawn. */
  public static String topic(FhirNames names) {
    return names.base() + TOPIC;
  }

  public static final String PROFILES =
      "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

  private static final int MOST = 100;

  /**
   * @throws IllegalArgumentException if a header or the endpoint is malformed
   */
  public static RestHook of(Subscription subscription) {
    Subscription.SubscriptionChannelComponent channel = subscription.getChannel();
    Optional<String> topic =
        Optional.ofNullable(subscription.getCriteria())
            .filter(criteria -> criteria.matches("https?:.*" + TOPIC));
    List<String> headers = new ArrayList<>();
    for (StringType header : channel.getHeader()) {
      String[] parts = header.getValue().split(":", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException("a header must be a name, a colon and a value");
      }
      headers.add(parts[0].strip());
      headers.add(parts[1].strip());
    }
    return new RestHook(
        URI.create(String.valueOf(channel.getEndpoint())),
        headers,
        channel.hasPayload() ? channel.getPayload() : "",
        topic,
        topic.isPresent()
            ? texts(subscription.getCriteriaElement(), "backport-filter-criteria")
            : List.of(String.valueOf(subscription.getCriteria())),
        texts(channel.getPayloadElement(), "backport-payload-content").stream()
            .findFirst()
            .orElse("id-only"),
        number(channel, "backport-heartbeat-period").map(Duration::ofSeconds),
        number(channel, "backport-max-count")
            .map(most -> Math.max(1, Math.min(most, MOST)))
            .orElse(MOST),
        number(channel, "backport-timeout").map(Duration::ofSeconds),
        subscription.hasEnd() ? Optional.of(subscription.getEnd().toInstant()) : Optional.empty());
  }

  private static List<String> texts(Element element, String name) {
    return element.getExtensionsByUrl(PROFILES + name).stream()
        .map(Extension::getValue)
        .filter(PrimitiveType.class::isInstance)
        .map(value -> ((PrimitiveType<?>) value).getValueAsString())
        .toList();
  }

  private static Optional<Integer> number(Element element, String name) {
    return element.getExtensionsByUrl(PROFILES + name).stream()
        .map(Extension::getValue)
        .filter(IntegerType.class::isInstance)
        .map(value -> ((IntegerType) value).getValue())
        .findFirst();
  }

  boolean isXml() {
    return mime.contains("xml");
  }
}
