package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationTest {
  @TempDir Path folder;
  private final Database database = TestDatabase.h2();
  private final CaseStore cases = new CaseStore(database, Clock.systemUTC());
  private Blobs blobs;
  private ArrivalStore arrivals;
  private Reconciliation reconciliation;

  @BeforeEach
  void open() {
    blobs = new Blobs(folder);
    arrivals = new ArrivalStore(database, Clock.systemUTC(), blobs);
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
    reconciliation = new Reconciliation(database, blobs, cases, later);
  }

  private String image(String study) {
    String blob = blobs.put(("image of " + study).getBytes(StandardCharsets.UTF_8));
    StudyKey key = new StudyKey(study, null, null, null, null, null);
    arrivals.receive(
        new ReceivedInstance(key, null, study + ".1", "1", "DX", null, null, "A", blob));
    return blob;
  }

  private Case attributing(String study) {
    StudyKey key = new StudyKey(study, null, null, null, null, null);
    Case c = cases.create(key, CaseState.COLLECTING, null);
    return cases.apply(c.id(), CaseState.Event.STUDY_COMPLETE, "").orElseThrow();
  }

  @Test
  void aFolderThatHasAllThatTheDatabaseNamesIsWhole() {
    image("1.1");
    Case c = attributing("1.1");
    assertThat(reconciliation.run()).isEqualTo(new Reconciliation.Found(0, 0));
    assertThat(cases.find(c.id())).contains(c);
  }

  @Test
  void anImageThatIsMissingFailsItsCaseAndSaysWhatToDo() throws Exception {
    Files.delete(blobs.path(image("1.1")));
    image("1.2");
    Case lost = attributing("1.1");
    Case whole = attributing("1.2");
    assertThat(reconciliation.run().damaged()).isEqualTo(1);
    assertThat(cases.find(lost.id()).orElseThrow().state()).isEqualTo(CaseState.FAILED);
    assertThat(cases.find(lost.id()).orElseThrow().reason()).contains("send the study again");
    assertThat(cases.find(whole.id())).contains(whole);
  }

  @Test
  void anImageOfAnotherLengthIsDamagedAndSendingItAgainMendsIt() throws Exception {
    Path file = blobs.path(image("1.1"));
    Files.writeString(file, "image of ");
    assertThat(reconciliation.run().damaged()).isEqualTo(1);
    image("1.1");
    assertThat(file).hasContent("image of 1.1");
    assertThat(reconciliation.run().damaged()).isZero();
  }

  @Test
  void anObjectWithoutARowIsCounted() {
    blobs.put(new byte[] {1});
    assertThat(reconciliation.run()).isEqualTo(new Reconciliation.Found(0, 1));
    assertThat(reconciliation.found().orphans()).isEqualTo(1);
  }

  @Test
  void whatWasLeftHalfWrittenIsSwept() throws Exception {
    Files.createDirectories(folder.resolve("incoming"));
    Path old = Files.writeString(folder.resolve("incoming/1.part"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Path young = Files.writeString(folder.resolve("incoming/2.part"), "another process's");
    String whole = blobs.put(new byte[] {2});
    assertThat(blobs.sweep()).isEqualTo(1);
    assertThat(folder.resolve("incoming")).isDirectoryContaining(young::equals);
    assertThat(old).doesNotExist();
    assertThat(blobs.path(whole)).exists();
    assertThat(new Blobs(folder.resolve("new")).sweep()).isZero();
  }
}
