package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Browser;
import org.m2ib.peers.Peers;
import org.m2ib.peers.Program;
import org.m2ib.peers.ServiceProcess;

/** An acknowledged arrival that cannot be paired, against the packaged service. */
class ArrivalsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LIST = "/api/arrivals?state=set-aside";

  @TempDir Path folder;

  @Test
  void whatCannotBePairedIsShownAndIsPairedByTheNextVersionThatCan() throws Exception {
    try (ServiceProcess service = new ServiceProcess(folder, Map.of()).start()) {
      service.post("/api/reports", "{\"studyInstanceUid\": \"1.2.3\", \"text\": \"Clear.\"}");
      service.awaitState("1.2.3", "AWAITING_STUDY", PATIENCE);
      assertThat(service.json(LIST).get("total").asInt()).isZero();
      assertThat(service.end(PATIENCE)).isTrue();
      execute("update arrival set paired_at = null, study_instance_uid = 'no UID'");
      execute("delete from cases");

      service.start();
      Peers.await("an arrival that is set aside", PATIENCE, () -> aside(service) == 1);
      JsonNode arrival = service.json(LIST).get("arrivals").get(0);
      assertThat(arrival.get("kind").asText()).isEqualTo("REPORT");
      assertThat(arrival.get("reason").asText()).startsWith("a value in it is missing or not one");
      assertThat(arrival.get("studyInstanceUid").asText()).isEqualTo("no UID");
      assertThat(arrival.get("receivedAt").asText()).isLessThan(arrival.get("setAsideAt").asText());
      assertThat(new String(service.get("/q/metrics").body(), StandardCharsets.UTF_8))
          .containsPattern("m2ib_arrivals_set_aside 1\\.0");
      assertThat(service.get("/api/arrivals").statusCode()).isEqualTo(400);

      String first = arrival.get("setAsideAt").asText();
      assertThat(service.post(arrival.get("links").get("retry").asText(), "").statusCode())
          .isEqualTo(200);
      Peers.await(
          "the second failure",
          PATIENCE,
          () -> {
            JsonNode now = service.json(LIST).get("arrivals");
            return now.size() == 1 && !now.get(0).get("setAsideAt").asText().equals(first);
          });
      assertThat(service.post("/api/arrivals/77/retry", "").statusCode()).isEqualTo(404);
      Peers.Run listed = arrivals(service);
      assertThat(listed.exit()).as(listed.output()).isZero();
      assertThat(listed.output()).contains("\"total\":1");
      assertThat(arrivals(service, "--retry").output()).contains("\"arrivals\":1");
      Peers.await("the third failure", PATIENCE, () -> aside(service) == 1);
      seenOnThePage(service);
      assertThat(service.end(PATIENCE)).isTrue();

      execute("update arrival set study_instance_uid = '1.2.3'"); // as if this version took it
      service.start();
      service.awaitState("1.2.3", "AWAITING_STUDY", PATIENCE);
      assertThat(aside(service)).isZero();
    }
  }

  private static void seenOnThePage(ServiceProcess service) throws Exception {
    Peers.need("chromium", "chromium");
    Peers.need("chromedriver", "chromium-driver");
    try (Browser browser = Browser.start(service.url()).size(1280, 800)) {
      browser.open("/");
      browser.signIn(ServiceProcess.PASSWORD);
      browser.await("the notice", "document.querySelector('#aside summary') !== null");
      browser.find("#aside summary").click();
      assertThat(browser.find("#aside").getText())
          .contains("1 received object could not be processed", "Study Instance UID no UID")
          .contains("A value in it is missing or not one that its standard allows.");
      browser.find("#aside button").click();
      browser.await(
          "the answer",
          "document.querySelector('#aside').textContent.includes('1 to be processed again')");
      assertThat(browser.console()).isEmpty();
    }
    Peers.await("the fourth failure", PATIENCE, () -> aside(service) == 1);
  }

  private static int aside(ServiceProcess service) throws Exception {
    return service.json(LIST).get("total").asInt();
  }

  private void execute(String sql) throws SQLException {
    try (Connection database =
            DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("db/m2ib"), "", "");
        Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Peers.Run arrivals(ServiceProcess service, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("arrivals", "--url", service.url()));
    arguments.addAll(List.of(options));
    return Program.run(List.of("-Dm2ib.admin-password=" + ServiceProcess.PASSWORD), arguments);
  }
}
