package org.m2ib.fhir.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.Database;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceStore;

/** Bulk exports, without HTTP. */
class ExportsTest {
  private static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");
  @TempDir Path folder;
  private Database database;
  private ExportStore store;
  private Exports exports;
  private ExportWriter writer;

  @BeforeEach
  void open() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    database = Database.open(source);
    store = new ExportStore(database);
    writer =
        new ExportWriter(
            store,
            at(NOW),
            stored ->
                stored.id().startsWith("bad")
                    ? Optional.empty()
                    : Optional.of(stored.id() + "/" + stored.version()),
            stored -> "unreadable " + stored.id());
    exports = exports(NOW);
  }

  private Exports exports(Instant now) {
    Exports.Settings settings =
        new Exports.Settings(folder.resolve("exports"), Duration.ofHours(1), Duration.ZERO);
    return new Exports(settings, database, store, writer, Clock.fixed(now, ZoneOffset.UTC));
  }

  private ResourceStore at(Instant now) {
    return new ResourceStore(database, Clock.fixed(now, ZoneOffset.UTC));
  }

  private void put(Instant when, String type, String id, int value) {
    String body = "{\"resourceType\":\"%s\",\"id\":\"%s\",\"x\":%d}".formatted(type, id, value);
    at(when).put(new StoredResource(type, id, null, body));
  }

  private Export begin(Instant since, String... types) {
    return exports.begin("user admin", "url", List.of(types), since).orElseThrow();
  }

  private Path folder(Export export) {
    return exports.file(export.id(), "Device").getParent();
  }

  private List<String> lines(Export export, String type) throws IOException {
    return Files.readAllLines(exports.file(export.id(), type));
  }

  @Test
  void resourcesAreAsTheyWereWhenTheExportBegan() throws Exception {
    put(NOW.minusSeconds(9), "Device", "a", 1);
    put(NOW.minusSeconds(9), "Device", "b", 1);
    put(NOW.minusSeconds(5), "Device", "b", 2);
    Export export = begin(NOW.minusSeconds(7), "Device");
    put(NOW.plusSeconds(1), "Device", "b", 3);
    put(NOW.plusSeconds(1), "Device", "c", 1);
    assertThat(writer.write(export.id(), folder(export), () -> false)).isTrue();
    assertThat(lines(export, "Device")).containsExactly("b/2");
    assertThat(store.find(export.id()).orElseThrow().status()).isEqualTo(Export.Status.COMPLETE);
  }

  @Test
  void anExportThatWasInterruptedGoesOnAfterWhatItsFilesContain() throws Exception {
    for (int i = 0; i < 1200; i++) {
      put(NOW.minusSeconds(9), "Device", "d%04d".formatted(i), 1);
    }
    put(NOW.minusSeconds(9), "Observation", "o", 1);
    put(NOW.minusSeconds(9), "Observation", "bad", 1);
    Export export = begin(Instant.EPOCH, "Observation", "Device");
    AtomicInteger pages = new AtomicInteger();
    assertThat(writer.write(export.id(), folder(export), () -> pages.incrementAndGet() == 2))
        .isFalse();
    // a crash between a page and its row
    Files.writeString(exports.file(export.id(), "Device"), "half a li", StandardOpenOption.APPEND);
    assertThat(writer.write(export.id(), folder(export), () -> false)).isTrue();

    assertThat(lines(export, "Device"))
        .hasSize(1200)
        .doesNotHaveDuplicates()
        .allMatch(line -> line.matches("d\\d{4}/1"));
    assertThat(lines(export, "Observation")).containsExactly("o/1");
    assertThat(lines(export, ExportWriter.ERRORS)).containsExactly("unreadable bad");
    assertThat(store.files(export.id()))
        .extracting(Export.File::type, Export.File::resources)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Device", 1200L),
            org.assertj.core.groups.Tuple.tuple("Observation", 1L),
            org.assertj.core.groups.Tuple.tuple("OperationOutcome", 1L));
  }

  @Test
  void onlyTheOwnerCanReadTheFiles() throws Exception {
    put(NOW.minusSeconds(9), "Device", "a", 1);
    Export export = begin(Instant.EPOCH, "Device");
    writer.write(export.id(), folder(export), () -> false);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder(export))))
        .isEqualTo("rwx------");
    Path file = exports.file(export.id(), "Device");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aCancelledOrExpiredExportLeavesNothing() throws Exception {
    put(NOW.minusSeconds(9), "Device", "a", 1);
    Export cancelled = begin(Instant.EPOCH, "Device");
    writer.write(cancelled.id(), folder(cancelled), () -> false);
    exports.delete(cancelled.id());
    assertThat(folder(cancelled)).doesNotExist();
    assertThat(writer.write(cancelled.id(), folder(cancelled), () -> false)).isFalse();

    Export expired = begin(Instant.EPOCH, "Device");
    writer.write(expired.id(), folder(expired), () -> false);
    exports(NOW.plus(Duration.ofMinutes(59))).sweep();
    assertThat(folder(expired)).exists();
    exports(NOW.plus(Duration.ofMinutes(61))).sweep();
    assertThat(folder(expired)).doesNotExist();
    assertThat(store.find(expired.id())).isEmpty();
  }

  @Test
  void tooManyUnfinishedExportsAreRefused() {
    for (int i = 0; i < Exports.MOST; i++) {
      begin(Instant.EPOCH, "Device");
    }
    assertThat(exports.begin("x", "url", List.of("Device"), Instant.EPOCH)).isEmpty();
  }
}
