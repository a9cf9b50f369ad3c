package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** Two processes on one PostgreSQL and one data folder share the work of one worker each. */
class TwoProcessesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern ATTRIBUTED =
      Pattern.compile("m2ib_step_seconds_count\\{[^}]*step=\"attribution\"[^}]*} ([0-9.]+)");
  private static final int CASES = 8;

  @TempDir Path folder;

  @Test
  void bothAttributeWhatOneOfThemReceived() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        ServiceProcess one = service(postgres).start();
        ServiceProcess two = service(postgres).start()) {
      SmallStudies.send(one, folder, 1, CASES, "FINDINGS: Heart normal. Lungs clear.");
      Peers.await(
          "all to be delivered",
          PATIENCE,
          () -> two.json("/api/cases?state=DELIVERED").get("cases").size() == CASES);
      assertThat(attributed(one)).isPositive();
      assertThat(attributed(two)).isPositive();
    }
  }

  private ServiceProcess service(EmbeddedPostgres postgres) {
    return new ServiceProcess(
        folder.resolve("data"),
        Map.of(
            "quarkus.datasource.jdbc.url",
            postgres.getJdbcUrl("postgres", "postgres"),
            "quarkus.datasource.username",
            "postgres",
            "quarkus.datasource.password",
            "postgres",
            "m2ib.audit.seeds",
            "0",
            "m2ib.audit.negation",
            "false"));
  }

  private static double attributed(ServiceProcess service) throws Exception {
    String metrics = new String(service.get("/q/metrics").body(), StandardCharsets.UTF_8);
    Matcher count = ATTRIBUTED.matcher(metrics);
    return count.find() ? Double.parseDouble(count.group(1)) : 0;
  }
}
