package org.m2ib.holdings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.QueryRetrieve;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.dicom.DicomIntake;
import org.m2ib.intake.dicom.ReportObjects;
import org.m2ib.peers.Peers;

/** Queries and retrievals at SERIES and IMAGE level, by dcmtk (PS3.4 C.6). */
class QueryLevelsTest {
  private static final Pattern UID_ANSWER =
      Pattern.compile("\\((?:0020,000e|0008,0018)\\) UI \\[([0-9.]+)");

  @TempDir Path folder;
  private final List<StoreScp> open = new ArrayList<>();
  private final List<String> moved = new CopyOnWriteArrayList<>();
  private int port;

  /** Study 1.2.1 has the series 1.2.1.1 (CT) and 1.2.1.2 (MR), each with two images; 1.2.2 too. */
  @BeforeEach
  void start() throws IOException {
    for (String program : List.of("findscu", "getscu", "movescu")) {
      Peers.need(program, "dcmtk");
    }
    Blobs blobs = new Blobs(folder.resolve("data"));
    Database database = TestDatabase.h2();
    DicomIntake intake =
        new DicomIntake(
            blobs,
            new ArrivalStore(database, Clock.systemUTC(), blobs),
            new ReportObjects(object -> false, List.of("report")));
    for (String study : List.of("1.2.1", "1.2.2")) {
      for (int series = 1; series <= 2; series++) {
        for (int n = 1; n <= 2; n++) {
          String uid = study + "." + series;
          byte[] file =
              DicomFiles.bytes(
                  DicomFiles.made(uid + "." + n)
                      .set(Tags.StudyInstanceUID, study)
                      .set(Tags.SeriesInstanceUID, uid)
                      .set(Tags.PatientID, "P1")
                      .set(Tags.Modality, series == 1 ? "CT" : "MR")
                      .set(Tags.SeriesDescription, series == 1 ? "Lung axial" : "Head")
                      .set(Tags.PerformedProcedureStepStartDate, "2024010" + series)
                      .set(Tags.InstanceNumber, n));
          intake.store(IncomingObject.ofFile(new ByteArrayInputStream(file)));
        }
      }
    }
    StoreScp station =
        StoreScp.start(
            LoopbackScp.settings("STATION"),
            object -> {
              object.writeTo(OutputStream.nullOutputStream());
              moved.add(object.sopInstanceUid());
            });
    Holdings holdings =
        new Holdings(
            database,
            blobs,
            new HoldingsIndex(database, blobs, id -> List.of(), Duration.ofMinutes(1)));
    StoreScp archive =
        StoreScp.start(
            LoopbackScp.settings("M2IB"),
            object -> {},
            List.of(
                new QueryRetrieve(
                    new HeldQueries(holdings),
                    Set.of("STATION"),
                    100,
                    new StoreScu(StoreScu.Settings.of("M2IB")),
                    title ->
                        Optional.of(new RemoteAe("STATION", "127.0.0.1", station.port()))
                            .filter(ae -> ae.aeTitle().equals(title)))));
    open.addAll(List.of(station, archive));
    port = archive.port();
  }

  @AfterEach
  void stop() {
    open.forEach(StoreScp::close);
  }

  private Peers.Run scu(String program, List<String> options, String level, String... keys)
      throws Exception {
    List<String> command =
        new ArrayList<>(List.of(program, "-v", "-S", "-aet", "STATION", "-aec", "M2IB"));
    command.addAll(options);
    command.addAll(List.of("127.0.0.1", String.valueOf(port), "-k", "QueryRetrieveLevel=" + level));
    for (String key : keys) {
      command.addAll(List.of("-k", key));
    }
    return Peers.run(command.toArray(String[]::new));
  }

  /** The UIDs of the level that a query finds. */
  private List<String> find(String level, String... keys) throws Exception {
    Peers.Run run = scu("findscu", List.of(), level, keys);
    assertThat(run.exit()).as(run.output()).isZero();
    // before the answers, the tool prints the request
    int answers = run.output().indexOf("Find Response: 1");
    List<String> uids = new ArrayList<>();
    Matcher matcher = UID_ANSWER.matcher(answers < 0 ? "" : run.output().substring(answers));
    while (matcher.find()) {
      uids.add(matcher.group(1));
    }
    return uids;
  }

  @Test
  void seriesAreFoundByEachKindOfMatching() throws Exception {
    String study = "StudyInstanceUID=1.2.1";
    assertThat(find("SERIES", study, "SeriesInstanceUID")).containsExactly("1.2.1.1", "1.2.1.2");
    assertThat(find("SERIES", study, "SeriesInstanceUID", "Modality=MR"))
        .containsExactly("1.2.1.2");
    assertThat(find("SERIES", study, "SeriesInstanceUID", "SeriesDescription=Lung*"))
        .containsExactly("1.2.1.1");
    assertThat(find("SERIES", study, "SeriesInstanceUID", "SeriesDescription=H?ad"))
        .containsExactly("1.2.1.2");
    assertThat(find("SERIES", study, "SeriesInstanceUID=1.2.1.2\\1.2.1.9"))
        .containsExactly("1.2.1.2");
    String date = "PerformedProcedureStepStartDate=";
    assertThat(find("SERIES", study, "SeriesInstanceUID", date + "20240102-"))
        .containsExactly("1.2.1.2");
    assertThat(find("SERIES", study, "SeriesInstanceUID", date + "20230101-20240101"))
        .containsExactly("1.2.1.1");
    assertThat(find("SERIES", study, "SeriesInstanceUID", "Modality=US")).isEmpty();
  }

  @Test
  void imagesAreFoundWithinTheirSeries() throws Exception {
    String[] series = {"StudyInstanceUID=1.2.1", "SeriesInstanceUID=1.2.1.2"};
    assertThat(scu("findscu", List.of(), "IMAGE", series[0], series[1], "SOPInstanceUID").output())
        .contains("1.2.1.2.1", "1.2.1.2.2")
        .doesNotContain("1.2.1.1.1", "1.2.2.2.1");
    assertThat(
            scu(
                    "findscu",
                    List.of(),
                    "IMAGE",
                    series[0],
                    series[1],
                    "SOPInstanceUID",
                    "InstanceNumber=2")
                .output())
        .contains("1.2.1.2.2")
        .doesNotContain("1.2.1.2.1");
  }

  @Test
  void aKeyAboveTheLevelIsNeededAndOneThatIsNotMatchedIsAWarning() throws Exception {
    assertThat(scu("findscu", List.of(), "SERIES", "SeriesInstanceUID").output())
        .contains("DataSetDoesNotMatchSOPClass");
    assertThat(
            scu("findscu", List.of(), "IMAGE", "StudyInstanceUID=1.2.1", "SOPInstanceUID").output())
        .contains("DataSetDoesNotMatchSOPClass");
    assertThat(scu("findscu", List.of("-d"), "STUDY", "StudyDate=2026").output())
        .containsIgnoringCase("0xa900")
        .contains("(0008,0020): must be a date YYYYMMDD");
    assertThat(
            scu(
                    "findscu",
                    List.of("-d"),
                    "SERIES",
                    "StudyInstanceUID=1.2.1",
                    "SeriesInstanceUID",
                    "ProtocolName=x")
                .output())
        .containsIgnoringCase("0xff01");
  }

  @Test
  void oneSeriesOrImageIsMovedAndGot() throws Exception {
    String[] keys = {"StudyInstanceUID=1.2.1", "SeriesInstanceUID=1.2.1.2"};
    List<String> station = List.of("-aem", "STATION");
    assertThat(scu("movescu", station, "SERIES", keys).exit()).isZero();
    assertThat(moved).containsExactly("1.2.1.2.1", "1.2.1.2.2");
    moved.clear();
    assertThat(
            scu("movescu", station, "IMAGE", keys[0], keys[1], "SOPInstanceUID=1.2.1.2.2").exit())
        .isZero();
    assertThat(moved).containsExactly("1.2.1.2.2");

    Path series = Files.createDirectories(folder.resolve("series"));
    assertThat(scu("getscu", List.of("-od", series.toString()), "SERIES", keys).exit()).isZero();
    assertThat(names(series)).hasSize(2).allMatch(name -> name.contains("1.2.1.2."));
    Path image = Files.createDirectories(folder.resolve("image"));
    scu(
        "getscu",
        List.of("-od", image.toString()),
        "IMAGE",
        keys[0],
        keys[1],
        "SOPInstanceUID=1.2.1.2.1");
    assertThat(names(image)).hasSize(1).allMatch(name -> name.contains("1.2.1.2.1"));
    Path none = Files.createDirectories(folder.resolve("none"));
    scu("getscu", List.of("-od", none.toString()), "SERIES", keys[0], "SeriesInstanceUID=9.9");
    assertThat(names(none)).isEmpty();
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
