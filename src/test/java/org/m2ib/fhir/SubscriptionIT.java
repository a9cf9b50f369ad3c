package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.FhirJpaServer;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** The packaged service notifies HAPI's JPA server, which takes the resources. */
class SubscriptionIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path folder;

  private static JsonNode post(ServiceProcess service, String path, String json) throws Exception {
    HttpResponse<byte[]> answer = service.post(path, json, "application/fhir+json");
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(201);
    return JSON.readTree(answer.body());
  }

  private static String report(String text) {
    return """
        {"resourceType":"DiagnosticReport","status":"final","code":{"text":"Chest"},
         "identifier":[{"system":"urn:ris","value":"R1"}],"conclusion":"%s",
         "imagingStudy":[{"identifier":{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}}]}
        """
        .formatted(text);
  }

  @Test
  void changedResourcesArriveThereAlsoAfterTheServiceWasKilled() throws Exception {
    try (FhirJpaServer server = FhirJpaServer.start(folder);
        ServiceProcess service =
            new ServiceProcess(
                folder.resolve("data"),
                Map.of("m2ib.fhir-api.subscription-endpoints", server.url()))) {
      service.start();
      JsonNode subscription =
          post(
              service,
              "/fhir/Subscription",
              """
              {"resourceType":"Subscription","status":"requested","reason":"copy",
               "criteria":"DiagnosticReport?identifier=urn:ris%%7CR1",
               "channel":{"type":"rest-hook","endpoint":"%s","payload":"application/fhir+json"}}
              """
                  .formatted(server.url()));
      String path = "/fhir/Subscription/" + subscription.get("id").asText();
      Peers.await(
          "the subscription to be active",
          LIMIT,
          () -> service.json(path).get("status").asText().equals("active"));

      String id = post(service, "/fhir/DiagnosticReport", report("Normal.")).get("id").asText();
      Peers.await(
          "the report", LIMIT, () -> server.get("/DiagnosticReport/" + id).contains("Normal."));
      post(service, "/fhir/DiagnosticReport", report("Large heart."));
      service.kill();
      service.start();
      Peers.await(
          "the changed report",
          LIMIT,
          () -> server.get("/DiagnosticReport/" + id).contains("Large heart."));
      assertThat(service.json(path).get("status").asText()).isEqualTo("active");
    }
  }
}
