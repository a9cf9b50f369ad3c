package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hl7.fhir.r5.model.Bundle;
import org.hl7.fhir.r5.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r5.model.Bundle.BundleType;
import org.hl7.fhir.r5.model.Bundle.HTTPVerb;
import org.hl7.fhir.r5.model.Coding;
import org.hl7.fhir.r5.model.Identifier;
import org.hl7.fhir.r5.model.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.peers.Peers;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;
import org.m2ib.results.fhir.FhirBundle;

/** The client before HAPI's server for R5, which parses strictly and keeps resources in memory. */
class FhirR5ServerTest {

  /** Takes conditional updates on an identifier, or on a tag, of a transaction. */
  public static final class Memory {
    private final Map<String, Resource> kept = new TreeMap<>();

    @Transaction
    public synchronized Bundle take(@TransactionParam Bundle bundle) {
      Bundle answer = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
      Map<String, Resource> taken = new TreeMap<>(kept);
      for (BundleEntryComponent entry : bundle.getEntry()) {
        String url = URLDecoder.decode(entry.getRequest().getUrl(), StandardCharsets.UTF_8);
        Resource resource = entry.getResource();
        String wanted = url.substring(url.indexOf('=') + 1);
        boolean meets =
            bundle.getType() == BundleType.TRANSACTION
                && entry.getRequest().getMethod() == HTTPVerb.PUT
                && url.startsWith(resource.fhirType() + "?")
                && (url.contains("?_tag=")
                    ? resource.getMeta().getTag().stream().anyMatch(tag -> wanted.equals(of(tag)))
                    : resource.listChildrenByName("identifier").stream()
                        .anyMatch(identifier -> wanted.equals(of((Identifier) identifier))));
        if (!meets) {
          throw new UnprocessableEntityException("not what its condition says: " + url);
        }
        boolean made = taken.put(url, resource) == null;
        answer.addEntry().getResponse().setStatus(made ? "201 Created" : "200 OK");
      }
      kept.putAll(taken);
      return answer;
    }

    private static String of(Coding tag) {
      return tag.getSystem() + "|" + tag.getCode();
    }

    private static String of(Identifier identifier) {
      return identifier.getSystem() + "|" + identifier.getValue();
    }
  }

  private final Memory memory = new Memory();
  private Undertow undertow;
  private String url;

  @BeforeEach
  void start() throws Exception {
    FhirContext r5 = FhirContext.forR5();
    r5.setParserErrorHandler(new StrictErrorHandler());
    RestfulServer server = new RestfulServer(r5);
    server.registerProvider(memory);
    DeploymentManager deployment =
        Servlets.newContainer()
            .addDeployment(
                Servlets.deployment()
                    .setClassLoader(getClass().getClassLoader())
                    .setContextPath("/")
                    .setDeploymentName("r5")
                    .addServlet(
                        Servlets.servlet(
                                "r5", RestfulServer.class, new ImmediateInstanceFactory<>(server))
                            .addMapping("/r5/*")));
    deployment.deploy();
    int port = Peers.freePort();
    undertow =
        Undertow.builder()
            .addHttpListener(port, "127.0.0.1")
            .setHandler(deployment.start())
            .build();
    undertow.start();
    url = "http://127.0.0.1:" + port + "/r5";
  }

  @AfterEach
  void stop() {
    undertow.stop();
  }

  private FhirServer client(FhirRelease release) {
    return FhirServer.connect(
        new FhirServer.Settings(
            url,
            HttpAuthorization.none(),
            release,
            Duration.ofMinutes(1),
            false,
            Optional.empty()));
  }

  @Test
  void everyKindOfResourceIsTakenStrictlyAndTheSameTwiceIsThereOnce() throws Exception {
    org.hl7.fhir.r4.model.Bundle made =
        new FhirBundle(FhirBundle.Settings.of("1.0", ZoneOffset.UTC))
            .of(
                List.of(MadeResults.withInteractions(FhirSamples.effusion()), FhirSamples.heart()),
                Set.of(FhirSamples.effusion().key().id()),
                List.of());
    client(FhirRelease.R5).transaction(made);
    int first = memory.kept.size();
    assertThat(first).isEqualTo(made.getEntry().size());
    assertThat(memory.kept.values().stream().map(Resource::fhirType).distinct())
        .containsExactlyInAnyOrder(
            "Device", "DocumentReference", "ImagingStudy", "Observation", "Provenance");
    client(FhirRelease.R5).transaction(made);
    assertThat(memory.kept).hasSize(first);
  }

  @Test
  void itsStatementIsReadAndWhatIsOfR4IsRefused() throws Exception {
    assertThatCode(() -> client(FhirRelease.R5).ping(Duration.ofMinutes(1)))
        .doesNotThrowAnyException();
    org.hl7.fhir.r4.model.Bundle made =
        new FhirBundle(FhirBundle.Settings.of("1.0", ZoneOffset.UTC))
            .of(List.of(FhirSamples.effusion()), Set.of(), List.of());
    assertThatThrownBy(() -> client(FhirRelease.R4).transaction(made))
        .isInstanceOf(DeliveryException.class)
        .hasMessageContaining("HTTP 4");
    assertThat(memory.kept).isEmpty();
  }
}
