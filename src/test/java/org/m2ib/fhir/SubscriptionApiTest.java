package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.fhir.subscription.RestHook;
import org.m2ib.results.fhir.FhirNames;

/** Subscriptions over HTTP; their tasks do not run. */
@QuarkusTest
@TestProfile(SubscriptionApiTest.Subscribing.class)
class SubscriptionApiTest {
  /** The service with an endpoint that it may notify. */
  public static final class Subscribing extends ServiceProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(super.getConfigOverrides());
      all.put("m2ib.fhir-api.subscription-endpoints", "https://hooks.example/in");
      return all;
    }
  }

  @TestHTTPResource("/fhir/")
  URI base;

  private Http http() {
    return new Http(base);
  }

  private static String subscription(String criteria, String endpoint, String more) {
    return """
        {"resourceType":"Subscription","status":"requested","reason":"audit","criteria":"%s",
         "channel":{"type":"rest-hook","endpoint":"%s"%s}}
        """
        .formatted(criteria, endpoint, more);
  }

  private static final String GOOD = "https://hooks.example/in/a";

  @Test
  void aSubscriptionIsMadeReadChangedAndDeletedAndKeepsItsSecret() throws Exception {
    String header = ",\"header\":[\"Authorization: Bearer SECRET\"]";
    String body = subscription("Observation?code=attribution", GOOD, header);
    HttpResponse<String> made = http().post("Subscription", Http.JSON, body);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String id = made.headers().firstValue("Location").orElseThrow().replaceFirst(".*/fhir/", "");
    HttpResponse<String> read = http().get(id);
    assertThat(read.body()).contains("\"requested\"", GOOD).doesNotContain("SECRET");
    assertThat(made.body()).doesNotContain("SECRET");
    assertThat(http().get(id, "Accept", "application/fhir+xml").body()).startsWith("<Subscription");
    assertThat(http().get("Subscription").body())
        .contains(id.replace("Subscription/", "\"id\":\""));
    HttpResponse<String> status = http().get(id + "/$status");
    assertThat(status.body()).contains("query-status", "events-since-subscription-start");
    String all = "Subscription/$status?status=requested,active&id=x," + id.split("/")[1];
    assertThat(http().get(all).body()).contains("\"total\":1", id);
    HttpResponse<String> unknown = http().get("Subscription/$status?status=nosuch");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("requested, active, error, off");
    String given =
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"status\",\"valueCode\":\"off\"}]}";
    assertThat(http().post("Subscription/$status", Http.JSON, given).body())
        .contains("\"total\":0");
    HttpResponse<String> events = http().get(id + "/$events?eventsSinceNumber=1&content=empty");
    assertThat(events.statusCode()).as(events.body()).isEqualTo(200);
    assertThat(events.body()).contains("query-event", "\"history\"");
    assertThat(events.headers().firstValue("Content-Location")).isEmpty();
    String number =
        given.replace("status", "eventsUntilNumber").replace("valueCode", "valueString");
    assertThat(http().post(id + "/$events", Http.JSON, number.replace("\"off\"", "\"7\"")).body())
        .contains("query-event");
    for (String wrong :
        List.of(
            "$events?eventsSinceNumber=x",
            "$events?content=all",
            "$events?since=1",
            "$status?id=1")) {
      assertThat(http().get(id + "/" + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(http().post(id + "/$events", Http.JSON, number).statusCode()).isEqualTo(400);
    assertThat(http().get("Subscription/none/$events").statusCode()).isEqualTo(404);

    String changed =
        subscription(RestHook.topic(FhirNames.defaults()), GOOD, "")
            .replace("requested", "off")
            .replace("{\"resourceType\"", "{\"id\":\"" + id.split("/")[1] + "\",\"resourceType\"");
    assertThat(http().put(id, Http.JSON, changed, "If-Match", "W/\"1\"").statusCode())
        .isEqualTo(412);
    assertThat(http().put(id, Http.JSON, changed).statusCode()).isEqualTo(200);
    assertThat(http().get(id).body()).contains("\"off\"", RestHook.topic(FhirNames.defaults()));
    assertThat(http().method("DELETE", id).statusCode()).isIn(200, 204);
    assertThat(http().get(id).statusCode()).isEqualTo(404);
    assertThat(http().method("DELETE", id).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "Observation?code=attribution, http://127.0.0.1:22/, '', channel.endpoint",
    "Observation?code=attribution, https://hooks.example/in/../x, '', channel.endpoint",
    "Observation?foo=1, https://hooks.example/in, '', foo",
    "Observation, https://hooks.example/in, '', criteria",
    "Patient?name=x, https://hooks.example/in, '', criteria",
    "Observation?_summary=true, https://hooks.example/in, '', criteria",
    "https://other.example/SubscriptionTopic/result, https://hooks.example/in, '', criteria",
    "urn:other:topic, https://hooks.example/in, '', criteria",
    "Observation?code=x, https://hooks.example/in, ',\"header\":[\"Host: evil\"]', channel.header",
    "Observation?code=x, https://hooks.example/in, ',\"header\":[\"nothing\"]', channel.header",
    "Observation?code=x, https://hooks.example/in, ',\"payload\":\"text/plain\"', channel.payload",
    "Observation?code=x, https://hooks.example/in, ',\"extension\":[{\"url\":\"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-timeout\",\"valueUnsignedInt\":0}]', channel",
  })
  void whatCannotBeDoneIsRefusedByItsElement(
      String criteria, String endpoint, String more, String element) throws Exception {
    HttpResponse<String> answer =
        http().post("Subscription", Http.JSON, subscription(criteria, endpoint, more));
    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
    assertThat(answer.body()).contains("OperationOutcome", element);
  }

  @Test
  void otherChannelsAreRefused() throws Exception {
    String email =
        subscription("Observation?code=x", GOOD, "").replace("\"rest-hook\"", "\"email\"");
    HttpResponse<String> answer = http().post("Subscription", Http.JSON, email);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("channel.type");
  }
}
