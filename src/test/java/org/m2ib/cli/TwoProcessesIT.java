package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** Two processes on one PostgreSQL and one data folder share the work of one worker each. */
class TwoProcessesIT {
  private static final Path SMALL =
      Path.of("src/test/resources/dicom/SC_ybr_full_422_uncompressed.dcm");
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
      send(one);
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

  private void send(ServiceProcess service) throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= CASES; i++) {
      DicomObject image = DicomObject.read(SMALL);
      image.set(Tags.StudyInstanceUID, "1.2.3." + i);
      image.set(Tags.SOPInstanceUID, "1.2.4." + i);
      image.set(Tags.AccessionNumber, "TWO" + i);
      Path file = folder.resolve(i + ".dcm");
      try (OutputStream out = Files.newOutputStream(file)) {
        image.write(out);
      }
      files.add(file);
    }
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    assertThat(new StoreScu(StoreScu.Settings.of("TEST")).store(us, files))
        .allMatch(StoreOutcome::stored);
    for (int i = 1; i <= CASES; i++) {
      String report =
          "{\"studyInstanceUid\": \"1.2.3.%d\", \"text\": \"FINDINGS: Heart normal. Lungs clear.\"}";
      assertThat(service.post("/api/reports", report.formatted(i)).statusCode()).isEqualTo(202);
    }
  }
}
