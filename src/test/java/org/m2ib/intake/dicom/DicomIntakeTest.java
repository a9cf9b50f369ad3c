package org.m2ib.intake.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Incoming;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.Tags;

/** What an object must say of itself to be taken (PS3.4 Table B.2-1, C000). */
class DicomIntakeTest {
  @TempDir Path folder;
  private ArrivalStore arrivals;
  private DicomIntake intake;

  @BeforeEach
  void open() {
    arrivals = new ArrivalStore(TestDatabase.h2(), Clock.systemUTC());
    intake = new DicomIntake(new Blobs(folder), arrivals);
  }

  private static DicomObject object() {
    return DicomFiles.made("1.2.3.4.5");
  }

  private static DicomObject with(int tag, String value) {
    return object().set(tag, value.getBytes(StandardCharsets.UTF_8));
  }

  private void refused(DicomObject object, String element) throws IOException {
    assertThatThrownBy(() -> intake.store(Incoming.of(object)))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.status()).isEqualTo(0xC000))
        .hasMessageContaining(element)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    assertThat(arrivals.nextUnpaired()).isEmpty();
    intake.store(Incoming.of(object()));
    assertThat(arrivals.nextUnpaired()).isPresent();
  }

  @Test
  void anObjectWithoutASeriesIsRefused() throws IOException {
    refused(object().remove(Tags.SeriesInstanceUID), "(0020,000E)");
  }

  @Test
  void anObjectWithoutAStudyIsRefused() throws IOException {
    refused(object().remove(Tags.StudyInstanceUID), "(0020,000D)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\0",
        "1..2",
        ".1",
        "1.",
        "1.2.x",
        "1.2-3",
        "1.2\u0661",
        "1 2",
        "11111111111111111111111111111111111111111111111111111111111111111"
      })
  void aSeriesUidThatIsNoneIsRefused(String uid) throws IOException {
    refused(with(Tags.SeriesInstanceUID, uid), "(0020,000E)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.3\0", "1.2.3 ", "01.02.3", "1.2\\1.3"})
  void aSeriesUidThatIsPaddedOrHasLeadingZerosIsTaken(String uid) throws IOException {
    intake.store(Incoming.of(with(Tags.SeriesInstanceUID, uid)));
    ReceivedInstance taken = arrivals.nextUnpaired().orElseThrow().instance();
    assertThat(taken.seriesInstanceUid()).isNotBlank().matches("[0-9.]+");
  }

  @ParameterizedTest
  @ValueSource(ints = {Tags.AccessionNumber, Tags.PatientID, Tags.AdmissionID})
  void anIdentifierThatNoDatabaseHoldsIsRefusedWithItsTag(int tag) throws IOException {
    refused(with(tag, "x".repeat(1000)), Tags.text(tag));
  }

  @Test
  void whatOnlyDescribesIsNoReasonToRefuse() throws IOException {
    intake.store(
        Incoming.of(with(Tags.StudyDate, "\0yesterday").set(Tags.Modality, "x".repeat(99))));
    assertThat(arrivals.nextUnpaired().orElseThrow().instance().modality()).isNull();
  }
}
