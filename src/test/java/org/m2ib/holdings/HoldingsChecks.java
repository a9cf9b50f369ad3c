package org.m2ib.holdings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;

/** What is held, and how it is found (PS3.4 C.2.2.2), in each database. */
abstract class HoldingsChecks {
  @TempDir Path folder;
  private DataSource source;
  private Database database;
  private Blobs blobs;
  private ArrivalStore arrivals;
  private Holdings holdings;
  private final List<String> own = new ArrayList<>();

  /** An empty database. */
  abstract DataSource database() throws Exception;

  @BeforeEach
  void open() throws Exception {
    source = database();
    database = Database.open(source);
    blobs = new Blobs(folder);
    arrivals = new ArrivalStore(database, Clock.systemUTC(), blobs);
    holdings = holdings(Duration.ofSeconds(30));
  }

  private Holdings holdings(Duration patience) {
    return new Holdings(
        database, blobs, new HoldingsIndex(database, blobs, caseId -> own, patience));
  }

  private static DicomObject object(String study, String series, String sop) {
    return DicomFiles.made(sop)
        .set(Tags.StudyInstanceUID, study)
        .set(Tags.SeriesInstanceUID, series);
  }

  private String put(DicomObject object) {
    try {
      return blobs.put(object::write);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String receive(DicomObject object) {
    String blob = put(object);
    String study = object.string(Tags.StudyInstanceUID);
    arrivals.receive(
        new ReceivedInstance(
            new StudyKey(study, null, null, null, null, null),
            object.string(Tags.SeriesInstanceUID),
            object.string(Tags.SOPInstanceUID),
            object.string(Tags.SOPClassUID),
            null,
            null,
            null,
            "SENDER",
            blob));
    return blob;
  }

  /** One study with this attribute. */
  private void study(String uid, int tag, String value) {
    receive(object(uid, uid + ".1", uid + ".1.1").set(tag, value));
  }

  private List<String> studies(int tag, String value) {
    return uids(HoldingQuery.at(Level.STUDY).match(tag, value), Tags.StudyInstanceUID);
  }

  private List<String> uids(HoldingQuery query, int tag) {
    return holdings.find(query, 0, 1000).stream().map(found -> found.string(tag)).toList();
  }

  @Test
  void aStudySaysWhatItHasAndItsInstancesAreThoseReceived() throws Exception {
    String blob =
        receive(
            object("1.2", "1.2.1", "1.2.1.1")
                .set(Tags.Modality, "DX")
                .set(Tags.PatientName, "Żółć^Ağa=山田^太郎")
                .set(Tags.StudyDescription, "Chest"));
    receive(object("1.2", "1.2.1", "1.2.1.2").set(Tags.Modality, "DX").remove(Tags.PatientName));
    receive(object("1.2", "1.2.2", "1.2.2.1").set(Tags.Modality, "SR"));

    DicomObject study = holdings.find(HoldingQuery.at(Level.STUDY), 0, 10).get(0);

    assertThat(study.string(Tags.PatientName)).isEqualTo("Żółć^Ağa");
    assertThat(study.string(Tags.StudyDescription)).isEqualTo("Chest");
    assertThat(study.strings(Tags.ModalitiesInStudy)).containsExactly("DX", "SR");
    assertThat(study.strings(Tags.SOPClassesInStudy)).containsExactly(Uids.SECONDARY_CAPTURE);
    assertThat(study.integer(Tags.NumberOfStudyRelatedSeries, 0)).isEqualTo(2);
    assertThat(study.integer(Tags.NumberOfStudyRelatedInstances, 0)).isEqualTo(3);
    DicomObject series =
        holdings
            .find(HoldingQuery.at(Level.SERIES).match(Tags.SeriesInstanceUID, "1.2.1"), 0, 9)
            .get(0);
    assertThat(series.integer(Tags.NumberOfSeriesRelatedInstances, 0)).isEqualTo(2);
    assertThat(series.string(Tags.StudyInstanceUID)).isEqualTo("1.2");
    HeldInstance held = holdings.instances(HoldingQuery.at(Level.STUDY)).get(0);
    assertThat(held)
        .isEqualTo(
            new HeldInstance(
                "1.2",
                "1.2.1",
                "1.2.1.1",
                Uids.SECONDARY_CAPTURE,
                Uids.EXPLICIT_VR_LITTLE_ENDIAN,
                blob));
    assertThat(Files.readAllBytes(holdings.path(held))).isEqualTo(blobs.bytes(blob));
    assertThat(holdings.instances(HoldingQuery.at(Level.SERIES).match(Tags.Modality, "SR")))
        .extracting(HeldInstance::sopInstanceUid)
        .containsExactly("1.2.2.1");
  }

  @Test
  void namesMatchInAnyCaseInEachComponentGroupAndWithoutEmptyComponents() {
    study("1.1", Tags.PatientName, "YAMADA^Tarou=山田^太郎=やまだ^たろう");
    study("1.2", Tags.PatientName, "Müller^Jürgen^^^");
    study("1.3", Tags.PatientName, "Mul_er^J%");
    study("1.4", Tags.PatientName, "");

    assertThat(studies(Tags.PatientName, "yamada^tarou")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "山田*")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "やまだ^たろう")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "YAMADA")).isEmpty();
    assertThat(studies(Tags.PatientName, "=山田*")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "yamada^tarou=山田^太郎")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "==やまだ^たろう")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "yamada^*=山*=やまだ^*")).containsExactly("1.1");
    assertThat(studies(Tags.PatientName, "yamada^tarou=やまだ^たろう")).isEmpty();
    assertThat(studies(Tags.PatientName, "müller^jürgen=山田")).isEmpty();
    assertThat(studies(Tags.PatientName, "MÜLLER^JÜRGEN")).containsExactly("1.2");
    assertThat(studies(Tags.PatientName, "müller^jürgen^^")).containsExactly("1.2");
    assertThat(studies(Tags.PatientName, "m?l*er*")).containsExactly("1.2", "1.3");
    assertThat(studies(Tags.PatientName, "mul_er^*")).containsExactly("1.3");
    assertThat(studies(Tags.PatientName, "*j%")).containsExactly("1.3");
    assertThat(studies(Tags.PatientName, "*")).containsExactly("1.1", "1.2", "1.3", "1.4");
    assertThat(studies(Tags.PatientName, "")).hasSize(4);
  }

  @Test
  void otherTextMatchesExactlyOrByWildcardsAndOtherwiseNothing() {
    study("1.1", Tags.AccessionNumber, "A_1");
    study("1.2", Tags.AccessionNumber, "AB1");
    study("1.3", Tags.AccessionNumber, "an accession number that is much too long");
    study("1.4", Tags.StudyDescription, "Thorax p.a.");

    assertThat(studies(Tags.AccessionNumber, "A_1")).containsExactly("1.1");
    assertThat(studies(Tags.AccessionNumber, "A_?")).containsExactly("1.1");
    assertThat(studies(Tags.AccessionNumber, "A?1")).containsExactly("1.1", "1.2");
    assertThat(studies(Tags.AccessionNumber, "a_1")).isEmpty();
    assertThat(studies(Tags.AccessionNumber, "an accession number that is much too long"))
        .containsExactly("1.3");
    assertThat(studies(Tags.StudyDescription, "Thorax*")).containsExactly("1.4");
    assertThat(studies(Tags.AccessionNumber, "' or 1=1 --")).isEmpty();
  }

  @Test
  void datesAndTimesMatchByRangesWithEitherEndOpen() {
    study("1.1", Tags.StudyDate, "20240101");
    study("1.2", Tags.StudyDate, "20241231");
    study("1.3", Tags.StudyTime, "101112.5");
    study("1.4", Tags.StudyTime, "1012");

    assertThat(studies(Tags.StudyDate, "20240101")).containsExactly("1.1");
    assertThat(studies(Tags.StudyDate, "2024.01.01")).containsExactly("1.1");
    assertThat(studies(Tags.StudyDate, "20240102-20250101")).containsExactly("1.2");
    assertThat(studies(Tags.StudyDate, "-20240101")).containsExactly("1.1");
    assertThat(studies(Tags.StudyDate, "20240101-")).containsExactly("1.1", "1.2");
    assertThat(studies(Tags.StudyTime, "1011")).containsExactly("1.3");
    assertThat(studies(Tags.StudyTime, "10")).containsExactly("1.3", "1.4");
    assertThat(studies(Tags.StudyTime, "101112.5-101112.6")).containsExactly("1.3");
    assertThat(studies(Tags.StudyTime, "101113-2359")).containsExactly("1.4");
  }

  @Test
  void uidsModalitiesNumbersAndRequestsMatchAsListsAndAcrossLevels() {
    receive(object("1.1", "1.1.1", "1.1.1.1").set(Tags.Modality, "CR"));
    receive(object("1.1", "1.1.2", "1.1.2.1").set(Tags.Modality, "SR"));
    DicomObject requested =
        object("1.2", "1.2.1", "1.2.1.1").set(Tags.Modality, "DX").set(Tags.InstanceNumber, "007");
    requested.addItem(Tags.RequestAttributesSequence).set(Tags.RequestedProcedureID, "R1");
    requested.addItem(Tags.RequestAttributesSequence).set(Tags.RequestedProcedureID, "R2");
    receive(requested);

    assertThat(studies(Tags.StudyInstanceUID, "1.1\\1.9\\1.2")).containsExactly("1.1", "1.2");
    assertThat(studies(Tags.ModalitiesInStudy, "SR")).containsExactly("1.1");
    assertThat(studies(Tags.ModalitiesInStudy, "SR\\DX")).containsExactly("1.1", "1.2");
    assertThat(studies(Tags.ModalitiesInStudy, "?R")).containsExactly("1.1");
    assertThat(studies(Tags.ModalitiesInStudy, "R")).isEmpty();
    HoldingQuery instance = HoldingQuery.at(Level.INSTANCE).match(Tags.InstanceNumber, "7");
    assertThat(uids(instance.match(Tags.ModalitiesInStudy, "DX"), Tags.SOPInstanceUID))
        .containsExactly("1.2.1.1");
    for (String request : List.of("R1", "R2", "R?")) {
      assertThat(
              uids(
                  HoldingQuery.at(Level.SERIES).match(Tags.RequestedProcedureID, request),
                  Tags.SeriesInstanceUID))
          .containsExactly("1.2.1");
    }
    assertThat(
            holdings.find(
                HoldingQuery.at(Level.SERIES).match(Tags.RequestedProcedureID, "1"), 0, 9))
        .isEmpty();
  }

  @Test
  void keysThatAreNotMatchedAndValuesThatCannotBeAreRefusedWithoutBeingQuoted() {
    for (int tag : new int[] {Tags.SeriesInstanceUID, Tags.PatientComments, Tags.PixelData}) {
      assertThatThrownBy(() -> HoldingQuery.at(Level.STUDY).match(tag, "SECRET"))
          .isInstanceOf(InvalidKeyException.class)
          .hasMessageContaining(Tags.text(tag))
          .hasMessageNotContaining("SECRET");
    }
    for (String[] bad :
        new String[][] {
          {"0020000D", "1.2.SECRET"},
          {"00080020", "SECRET"},
          {"00080020", "20249999"},
          {"00080020", "20240101-SECRET"},
          {"00080020", "2024-01-01"},
          {"00080020", "-"},
          {"00080030", "2500"},
        }) {
      int tag = Integer.parseUnsignedInt(bad[0], 16);
      assertThatThrownBy(() -> HoldingQuery.at(Level.STUDY).match(tag, bad[1]))
          .isInstanceOf(InvalidKeyException.class)
          .hasMessageNotContaining("SECRET");
    }
  }

  @Test
  void pagesAndTheWholeAreInOrderOfArrivalEachOnce() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 230; i++) {
      receive(object("1.2", "1.2." + (i % 7), "1.2.3." + i));
      all.add("1.2.3." + i);
    }
    List<String> paged = new ArrayList<>();
    HoldingQuery query = HoldingQuery.at(Level.INSTANCE);
    for (int offset = 0; offset < 300; offset += 50) {
      holdings.find(query, offset, 50).forEach(i -> paged.add(i.string(Tags.SOPInstanceUID)));
    }
    List<String> each = new ArrayList<>();
    holdings.forEach(query, i -> each.add(i.string(Tags.SOPInstanceUID)));

    assertThat(paged).isEqualTo(all);
    assertThat(each).isEqualTo(all);
  }

  @Test
  void aLaterVersionTakesThePlaceOfAnInstanceEvenInAnotherStudy() {
    receive(object("1.1", "1.1.1", "1.5").set(Tags.PatientName, "Before"));
    assertThat(studies(Tags.PatientName, "before")).containsExactly("1.1");
    String blob = receive(object("1.1", "1.1.1", "1.5").set(Tags.PatientName, "After"));

    assertThat(studies(Tags.PatientName, "before")).isEmpty();
    assertThat(holdings.instances(HoldingQuery.at(Level.STUDY)))
        .extracting(HeldInstance::blob)
        .containsExactly(blob);

    receive(object("1.2", "1.2.1", "1.5"));
    assertThat(studies(Tags.StudyInstanceUID, "")).containsExactly("1.2");
    assertThat(holdings.find(HoldingQuery.at(Level.SERIES), 0, 9)).hasSize(1);
  }

  @Test
  void theObjectsOfResultsAreHeldWhileTheyHold() throws Exception {
    CaseStore cases = new CaseStore(database, Clock.systemUTC());
    ResultStore results = new ResultStore(database);
    receive(object("1.1", "1.1.1", "1.1.1.1").set(Tags.StudyDescription, "As received"));
    StudyKey key = new StudyKey("1.1", null, null, null, null, null);
    Case attributing = cases.create(key, CaseState.ATTRIBUTING, null);
    own.add(put(object("1.1", "1.1.9", "1.1.9.1")));
    StoredResult result =
        new StoredResult(
            UUID.randomUUID(), attributing.id(), 0, "i", "{}", 0.5, false, "c", "p", false);
    results.save(result);
    assertThat(holdings.instances(HoldingQuery.at(Level.STUDY))).hasSize(1);

    cases.apply(attributing.id(), CaseState.Event.ATTRIBUTED, "");
    assertThat(holdings.instances(HoldingQuery.at(Level.STUDY)))
        .extracting(HeldInstance::sopInstanceUid)
        .containsExactly("1.1.1.1", "1.1.9.1");
    assertThat(studies(Tags.StudyDescription, "As received")).containsExactly("1.1");

    own.clear();
    results.save(result.withdraw());
    assertThat(holdings.instances(HoldingQuery.at(Level.STUDY)))
        .extracting(HeldInstance::sopInstanceUid)
        .containsExactly("1.1.1.1");
  }

  @Test
  void anObjectThatIsDamagedOrGoneLeavesTheOthersHeld() throws Exception {
    String gone = receive(object("1.1", "1.1.1", "1.1.1.1"));
    receive(object("1.2", "1.2.1", "1.2.1.1"));
    receive(object("1.3", "1.3.1", "1.3.1.1").remove(Tags.SeriesInstanceUID));
    Files.delete(blobs.path(gone));

    assertThat(studies(Tags.StudyInstanceUID, "")).containsExactly("1.2");
  }

  @Test
  void aQueryDoesNotAnswerWithLessThanWasReceived() {
    for (int i = 0; i < 101; i++) {
      receive(object("1.2", "1.2.1", "1.2.3." + i));
    }
    Holdings hasty = holdings(Duration.ZERO);
    assertThatThrownBy(() -> hasty.find(HoldingQuery.at(Level.STUDY), 0, 1))
        .isInstanceOf(StorageUnavailableException.class);
    assertThat(holdings.find(HoldingQuery.at(Level.INSTANCE), 0, 200)).hasSize(101);
  }

  @Test
  void whatAServiceOfBeforeReceivedIsHeldToo() throws Exception {
    DataSource old = database();
    Flyway.configure().dataSource(old).target("1").load().migrate();
    String blob = put(object("1.1", "1.1.1", "1.1.1.1"));
    try (Connection connection = old.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into arrival (kind, received_at, blob, study_instance_uid)"
              + " values ('IMAGE', current_timestamp, '"
              + blob
              + "', '1.1')");
    }
    database = Database.open(old);

    assertThat(holdings(Duration.ofSeconds(30)).find(HoldingQuery.at(Level.STUDY), 0, 10))
        .hasSize(1);
  }
}
