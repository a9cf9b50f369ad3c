package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/**
 * SIGTERM while cases are attributed: the process ends, and the next one continues where it
 * stopped.
 */
class ShutdownIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int SENTENCES = 12;

  /** Docs say "a few seconds"; the rest is for machines that are busy. */
  private static final Duration END = Duration.ofSeconds(20);

  /** 3 MB each: one sentence, one word, a heading a line. */
  private static final List<String> PIECES = List.of("nodule ", "x", "FINDINGS: a\n");

  @TempDir Path folder;

  @Test
  void aCaseInTheMidstOfAttributionGoesOnAfterTheNextStart() throws Exception {
    Map<String, String> slowly =
        Map.of(
            "m2ib.attribution.steps", "40",
            "m2ib.engine.memory", "1",
            "m2ib.audit.seeds", "0",
            "m2ib.audit.negation", "false");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), slowly).start()) {
      StringBuilder text = new StringBuilder("FINDINGS:");
      for (int i = 0; i < SENTENCES; i++) {
        text.append(" Nodule of %d mm.".formatted(i + 1));
      }
      SmallStudies.send(service, folder, 1, 1, text.toString());
      Peers.await(
          "the first sentence",
          PATIENCE,
          () -> service.cases("1.2.3.1").size() == 1 && !made(service, "1.2.3.1").isEmpty());
      assertThat(service.end(END)).as("SIGTERM ends it").isTrue();
      service.start();
      Set<String> before = made(service, "1.2.3.1");
      JsonNode done = service.awaitState("1.2.3.1", "DELIVERED", PATIENCE);
      assertThat(before).isNotEmpty().hasSizeLessThan(SENTENCES);
      assertThat(ids(done)).hasSize(SENTENCES).containsAll(before);
    }
  }

  @Test
  void reportsOfThreeMegabytesHoldUpNeitherTheNextCaseNorTheEnd() throws Exception {
    Map<String, String> quickly =
        Map.of(
            "m2ib.attribution.steps", "1",
            "m2ib.attribution.samples", "1",
            "m2ib.audit.seeds", "0",
            "m2ib.audit.negation", "false");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), quickly).start()) {
      for (int i = 0; i < PIECES.size(); i++) {
        String piece = PIECES.get(i);
        SmallStudies.send(
            service, folder, i + 10, 1, "Clear. " + piece.repeat(3_000_000 / piece.length()));
      }
      SmallStudies.send(service, folder, 99, 1, "Clear lungs.");
      service.awaitState("1.2.3.99", "DELIVERED", PATIENCE);
      assertThat(service.end(END)).as("SIGTERM ends it").isTrue();
      service.start();
      JsonNode oneWord = service.awaitState("1.2.3.11", "DELIVERED", PATIENCE);
      assertThat(oneWord.get("reason").asText()).contains("only the first 200,000 of the report's");
    }
  }

  private Set<String> made(ServiceProcess service, String study) throws Exception {
    String id = service.cases(study).get(0).get("id").asText();
    return ids(service.json("/api/cases/" + id));
  }

  private static Set<String> ids(JsonNode c) {
    Set<String> ids = new HashSet<>();
    c.get("sentences").forEach(s -> ids.add(s.get("id").asText()));
    assertThat(ids).hasSize(c.get("sentences").size());
    return ids;
  }
}
