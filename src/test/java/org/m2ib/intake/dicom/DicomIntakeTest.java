package org.m2ib.intake.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.FileReads;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Incoming;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.Tags;

/** What an object must say of itself to be taken (PS3.4 Table B.2-1, C000). */
class DicomIntakeTest {
  @TempDir Path folder;
  private ArrivalStore arrivals;
  private DicomIntake intake;

  @BeforeEach
  void open() {
    arrivals = TestArrivals.store(TestDatabase.h2(), Clock.systemUTC());
    intake =
        new DicomIntake(
            new Blobs(folder), arrivals, new ReportObjects(object -> false, List.of("report")));
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
    assertThat(arrivals.nextUnpairedId()).isEmpty();
    intake.store(Incoming.of(object()));
    assertThat(arrivals.nextUnpairedId()).isPresent();
  }

  @Test
  void theHeaderIsReadOnTheWayToTheDisk() throws Exception {
    assertThat(FileReads.below(folder, () -> stored(Incoming.of(object())))).isEmpty();
    assertThat(arrivals.nextUnpairedId()).isPresent();
  }

  private boolean stored(IncomingObject object) throws IOException {
    intake.store(object);
    return true;
  }

  @Test
  void anObjectThatCannotBeReadLeavesNothingOnTheDisk() throws IOException {
    for (byte[] dataSet : List.of(new byte[0], new byte[300], "no data set".getBytes())) {
      assertThatThrownBy(() -> intake.store(Incoming.of("1.2.3.4.5", dataSet)))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.status()).isEqualTo(0xC000));
    }
    assertThat(folder.resolve("objects")).doesNotExist();
    assertThat(folder.resolve("incoming")).isEmptyDirectory();
  }

  @Test
  void anotherInstanceThanTheCommandsLeavesNothingOnTheDisk() throws IOException {
    byte[] dataSet = Incoming.dataSet(object());
    assertThatThrownBy(() -> intake.store(Incoming.of("1.2.3.4.6", dataSet)))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.status()).isEqualTo(0xA900))
        .hasMessageContaining("(0008,0018) SOPInstanceUID differs");
    assertThat(folder.resolve("objects")).doesNotExist();
  }

  @Test
  void aDiskThatIsFullIsNotTakenForADamagedObject() throws IOException {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new StorageUnavailableException("full", null);
          }

          @Override
          public void write(byte[] b, int offset, int length) {
            if (length > 1000) { // what follows the file meta information
              write(0);
            }
          }
        };
    DicomObject large = object().set(Tags.PixelData, new byte[5000]);
    assertThatThrownBy(() -> Incoming.of(large).writeTo(full))
        .isInstanceOf(StorageUnavailableException.class);
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
    ReceivedInstance taken = TestArrivals.next(arrivals).instance();
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
    assertThat(TestArrivals.next(arrivals).instance().modality()).isNull();
  }

  private ReceivedReport stored(DicomObject document) throws IOException {
    intake.store(Incoming.of(document));
    Arrival arrival = TestArrivals.next(arrivals);
    arrivals.paired(arrival, "");
    assertThat(arrival.instance()).isNull();
    return arrival.report();
  }

  private static DicomObject report(String sopInstanceUid, String text) {
    DicomObject sr = TestDocument.sr(sopInstanceUid);
    TestDocument.text(TestDocument.container(sr, "121070", "Findings"), "F", "Finding", text);
    return sr;
  }

  @Test
  void aStructuredReportIsStoredAsAReport() throws IOException {
    ReceivedReport report = stored(report("1.1", "Clear."));
    assertThat(report.source()).isEqualTo("dicom");
    assertThat(report.text()).isEqualTo("FINDINGS:\nClear.");
    assertThat(new Blobs(folder).path(report.blob())).exists();
  }

  /** Whatever the order in which the documents come. */
  @Test
  void aDocumentThatReplacesAnotherIsAVersionOfTheSameReport() throws IOException {
    assertThat(stored(report("1.1", "One.")).reportId()).isEqualTo("1.1");
    assertThat(stored(TestDocument.replacing(report("1.2", "Two."), "1.1")).reportId())
        .isEqualTo("1.1");
    assertThat(stored(TestDocument.replacing(report("1.3", "Three."), "1.2")).reportId())
        .isEqualTo("1.1");
    assertThat(stored(report("1.4", "Three.").set(Tags.VerificationFlag, "VERIFIED")).reportId())
        .as("the same content")
        .isEqualTo("1.1");
    assertThat(stored(report("1.5", "Another.")).reportId()).isEqualTo("1.5");
    assertThat(stored(TestDocument.replacing(report("1.7", "New."), "1.6")).reportId())
        .isEqualTo("1.7");
    assertThat(stored(report("1.6", "Old.")).reportId()).isEqualTo("1.7");
  }

  @Test
  void aDocumentThatIsNoReportIsStoredWithTheReason() throws IOException {
    DicomObject dose = report("1.1", "x").set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.67");
    intake.store(Incoming.of(dose));
    assertThat(TestArrivals.next(arrivals).instance().notes()).contains("dose report");
  }

  @Test
  void aReportWithoutTextIsStoredWithTheReason() throws IOException {
    ReceivedReport report = stored(TestDocument.sr("1.1"));
    assertThat(report.text()).isEmpty();
    assertThat(report.notes()).contains("no text");
  }
}
