package org.m2ib.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DatabaseSize;
import org.m2ib.cases.StateCount;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestDatabase;
import org.m2ib.config.TestConfig;
import org.m2ib.peers.Peers;

/** What takes room, and how much work waits. */
class StorageTest {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

  @TempDir Path folder;
  private Instant now = START;
  private final Clock clock = new SuppliedClock(() -> now);

  private void object(String name, int bytes) throws Exception {
    Path file = folder.resolve("objects/ab/" + name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }

  private static void awaitObjects(StorageUse use, long files, long bytes) throws Exception {
    Peers.await(
        files + " files",
        Duration.ofSeconds(30),
        () ->
            use.objects().isPresent()
                && use.objects().get().files() == files
                && use.objects().get().bytes() == bytes);
  }

  @Test
  void objectsAreCountedInTheBackgroundAndAgainAfterTenMinutes() throws Exception {
    object("1", 100);
    try (StorageUse use = new StorageUse(folder, TestDatabase.h2(), clock)) {
      awaitObjects(use, 1, 100);
      object("2", 50);
      now = START.plus(Duration.ofMinutes(9));
      assertThat(use.objects().orElseThrow().at()).isEqualTo(START);
      now = START.plus(Duration.ofMinutes(10));
      awaitObjects(use, 2, 150);
    }
  }

  @Test
  void aFolderThatDoesNotExistYetHasNoObjectsAndTheDiskAboveIt() throws Exception {
    try (StorageUse use = new StorageUse(folder.resolve("not/yet"), TestDatabase.h2(), clock)) {
      awaitObjects(use, 0, 0);
      assertThat(use.disk().getTotalSpace()).isPositive();
    }
  }

  @Test
  void theAnswerHasTheDiskItsLimitsAndTheSettings() {
    try (StorageUse use = new StorageUse(folder, TestDatabase.h2(), clock)) {
      JsonNode answer =
          json(
              new StorageResource(
                      use, TestConfig.of(Map.of("m2ib.access.activity-retention", "30d")))
                  .get());
      assertThat(answer.get("folder").asText()).isEqualTo(folder.toAbsolutePath().toString());
      assertThat(answer.get("size").asLong()).isGreaterThanOrEqualTo(answer.get("free").asLong());
      assertThat(answer.get("warnBelow").asLong()).isEqualTo(10L << 30);
      assertThat(answer.get("databaseBytes").isNull()).as("in memory").isTrue();
      assertThat(answer.at("/retention/0/setting").asText())
          .isEqualTo("m2ib.access.activity-retention");
      assertThat(answer.at("/retention/0/seconds").asLong()).isEqualTo(30L * 86_400);
    }
  }

  @Test
  void theLimitsDecideTheStatus() {
    assertThat(StorageUse.status(10L << 30)).isEqualTo("ok");
    assertThat(StorageUse.status((10L << 30) - 1)).isEqualTo("warning");
    assertThat(StorageUse.status((1L << 30) - 1)).isEqualTo("failed");
  }

  @Test
  void anEmbeddedDatabaseHasTheSizeOfItsFile() throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:file:" + folder.resolve("db/m2ib"));
    Database database = Database.open(source);
    assertThat(DatabaseSize.of(database).orElseThrow())
        .isEqualTo(Files.size(folder.resolve("db/m2ib.mv.db")));
  }

  @Test
  void everyStateIsCountedWithItsOldest() {
    Database database = TestDatabase.h2();
    CaseStore cases = new CaseStore(database, clock);
    StudyKey study = new StudyKey("1.2.3", null, null, null, null, null);
    cases.create(study, CaseState.ATTRIBUTING, null);
    now = START.plusSeconds(60);
    cases.create(study, CaseState.ATTRIBUTING, null);
    assertThat(StateCount.of(database))
        .hasSize(CaseState.values().length)
        .contains(
            new StateCount(CaseState.ATTRIBUTING, 2, START),
            new StateCount(CaseState.FAILED, 0, null));
  }
}
