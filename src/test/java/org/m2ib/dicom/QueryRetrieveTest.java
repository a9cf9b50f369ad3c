package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.Commands;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.peers.Peers;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class QueryRetrieveTest {
  private static final List<String> CLASSES = List.of(Uids.SECONDARY_CAPTURE);

  private static final Logger LINES = Logger.getLogger(StoreScp.class.getName());

  @TempDir Path folder;
  private final List<StoreScp> open = new ArrayList<>();
  private final List<DicomObject> matches = new CopyOnWriteArrayList<>();
  private final List<Path> files = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<byte[]> arrived = new CopyOnWriteArrayList<>();
  private final List<Integer> unmatched = new ArrayList<>();
  private boolean endless;

  /** Null: nothing waits for it. */
  private CountDownLatch cancelled;

  private RemoteAe archive;
  private RemoteAe workstation;

  @BeforeEach
  void start() throws IOException {
    workstation = start("STATION", List.of());
    archive =
        start(
            "ARCHIVE",
            List.of(
                new QueryRetrieve(
                    new Holdings(),
                    Set.of("CALLER"),
                    3,
                    new StoreScu(StoreScu.Settings.of("ARCHIVE")),
                    title -> Optional.of(workstation).filter(w -> w.aeTitle().equals(title)))));
  }

  private final class Holdings implements QueryRetrieve.Holdings {
    @Override
    public List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit) {
      if (identifier.string(Tags.QueryRetrieveLevel) == null) {
        throw new IllegalArgumentException("no level");
      }
      return endless ? new Endless() : matches;
    }

    @Override
    public boolean isMatched(DicomObject identifier, int tag) {
      return !unmatched.contains(tag);
    }

    @Override
    public List<Path> files(DicomObject identifier, boolean patientRoot) {
      return files;
    }
  }

  /** Matches without an end: only a cancelled query stops. */
  private static final class Endless extends AbstractList<DicomObject> {
    @Override
    public DicomObject get(int index) {
      return match("1.2.3." + index);
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public Iterator<DicomObject> iterator() {
      return IntStream.iterate(1, n -> n + 1).mapToObj(this::get).iterator();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IOException("the archive has read no C-CANCEL");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private RemoteAe start(String aeTitle, List<DimseService> services) throws IOException {
    StoreScp scp = StoreScp.start(LoopbackScp.settings(aeTitle), this::keep, services);
    open.add(scp);
    return new RemoteAe(aeTitle, "127.0.0.1", scp.port());
  }

  private void keep(IncomingObject object) throws IOException {
    if (cancelled != null && received.size() == 2) {
      await(cancelled);
    }
    object.writeTo(java.io.OutputStream.nullOutputStream());
    received.add(object.callingAeTitle() + " " + object.sopInstanceUid());
  }

  private static QueryScu scu(String aeTitle) {
    return new QueryScu(
        StoreScu.Settings.of(aeTitle),
        Duration.ofMinutes(1),
        name -> {
          throw new IllegalArgumentException(name);
        });
  }

  @AfterEach
  void stop() {
    LINES.removeHandler(cancels);
    open.forEach(StoreScp::close);
  }

  private static DicomObject query() {
    return DicomObject.create()
        .set(Tags.QueryRetrieveLevel, "STUDY")
        .set(Tags.PatientName, "")
        .set(Tags.StudyInstanceUID, "")
        .set(Tags.StudyDescription, "");
  }

  private static DicomObject match(String uid) {
    return DicomObject.create()
        .set(Tags.StudyInstanceUID, uid)
        .set(Tags.PatientName, "Żółć^Ağa")
        .set(Tags.AccessionNumber, "A1");
  }

  private void file(String uid) throws IOException {
    files.add(DicomFiles.write(DicomFiles.made(uid), folder, uid + ".dcm"));
  }

  @Test
  void aMatchHasWhatWasAskedForInItsCharacterSetAndNothingElse() {
    matches.add(match("1.2.3"));
    List<DicomObject> answers = scu("CALLER").find(archive, query(), 10);
    assertThat(answers).hasSize(1);
    DicomObject answer = answers.get(0);
    assertThat(answer.string(Tags.StudyInstanceUID)).isEqualTo("1.2.3");
    assertThat(answer.string(Tags.PatientName)).isEqualTo("Żółć^Ağa");
    assertThat(answer.string(Tags.QueryRetrieveLevel)).isEqualTo("STUDY");
    assertThat(answer.string(Tags.RetrieveAETitle)).isEqualTo("ARCHIVE");
    assertThat(answer.tags()).contains(Tags.StudyDescription).doesNotContain(Tags.AccessionNumber);
    assertThat(answer.has(Tags.StudyDescription)).isFalse();
  }

  @Test
  void onlyKnownCallersMayQueryOrRetrieve() {
    assertThatThrownBy(() -> scu("STRANGER").find(archive, query(), 10))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("0124");
    assertThat(scu("STRANGER").move(archive, "1.2.3", "STATION").status()).isEqualTo(0x0124);
    assertThat(scu("STRANGER").get(archive, "1.2.3", CLASSES, this::keep).status())
        .isEqualTo(0x0124);
    assertThat(received).isEmpty();
  }

  @Test
  void aQueryWithTooManyMatchesIsRefusedWhole() {
    for (int i = 0; i < 4; i++) {
      matches.add(match("1.2." + i));
    }
    assertThatThrownBy(() -> scu("CALLER").find(archive, query(), 10)).hasMessageContaining("A700");
    matches.remove(0);
    assertThat(scu("CALLER").find(archive, query(), 10)).hasSize(3);
  }

  @Test
  void aClientTakesNoMoreMatchesThanItsLimit() {
    for (int i = 0; i < 3; i++) {
      matches.add(match("1.2." + i));
    }
    assertThat(scu("CALLER").find(archive, query(), 2)).hasSize(2);
  }

  @Test
  void aKeyThatIsNotMatchedIsAWarning() {
    matches.add(match("1.2.3"));
    unmatched.add(Tags.StudyDescription);
    assertThat(statuses(query())).containsExactly(0xFF00, 0);
    assertThat(statuses(query().set(Tags.StudyDescription, "x"))).containsExactly(0xFF01, 0);
  }

  @Test
  void anIdentifierThatBreaksTheModelIsRefused() {
    assertThat(statuses(DicomObject.create().set(Tags.PatientID, "1"))).containsExactly(0xA900);
  }

  private List<Integer> statuses(DicomObject query) {
    String model = Uids.STUDY_ROOT_FIND;
    return over(
        model,
        (association, timer) -> {
          DimseRSP response =
              association.cfind(
                  model, 0, query.attributes(), Uids.IMPLICIT_VR_LITTLE_ENDIAN, Integer.MAX_VALUE);
          List<Integer> statuses = new ArrayList<>();
          while (response.next()) {
            statuses.add(response.getCommand().getInt(Tag.Status, -1));
          }
          return statuses;
        });
  }

  @Test
  void cGetBringsObjectsOnItsAssociation() throws IOException {
    file("1.2.3.4.5");
    file("1.2.3.4.6");
    QueryScu.Retrieved retrieved = scu("CALLER").get(archive, "1.2.3", CLASSES, this::keep);
    assertThat(retrieved).isEqualTo(new QueryScu.Retrieved(0, 2, 0, ""));
    assertThat(received).containsExactly("ARCHIVE 1.2.3.4.5", "ARCHIVE 1.2.3.4.6");
  }

  @Test
  void whatCannotBeSentIsCounted() throws IOException {
    file("1.2.3.4.5");
    files.add(
        DicomFiles.write(
            DicomFiles.made("1.2.3.4.7").set(Tags.SOPClassUID, Uids.COMPUTED_RADIOGRAPHY),
            folder,
            "cr.dcm"));
    QueryScu.Retrieved retrieved = scu("CALLER").get(archive, "1.2.3", CLASSES, this::keep);
    assertThat(retrieved).isEqualTo(new QueryScu.Retrieved(0xB000, 1, 1, retrieved.comment()));
    assertThat(retrieved.isComplete()).isFalse();
    files.remove(0);
    assertThat(scu("CALLER").get(archive, "1.2.3", CLASSES, this::keep).text())
        .startsWith("status A702 (out of resources, it cannot send the objects): no presentation");
  }

  /** Retrieves with one presentation context for computed radiographs. */
  private Attributes getIn(String syntax) {
    return get(
        Uids.COMPUTED_RADIOGRAPHY,
        syntax,
        object -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          object.writeTo(out);
          arrived.add(out.toByteArray());
        },
        (association, response) -> {});
  }

  private interface Meanwhile {
    void run(Association association, DimseRSP response) throws IOException, InterruptedException;
  }

  /** Retrieves with one presentation context for objects; returns the last response. */
  private Attributes get(
      String sopClass, String syntax, StoreScp.Handler taker, Meanwhile meanwhile) {
    AAssociateRQ request = new AAssociateRQ();
    String model = Uids.STUDY_ROOT_GET;
    request.addPresentationContextFor(model, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    request.addPresentationContextFor(sopClass, syntax);
    request.addRoleSelection(new RoleSelection(sopClass, false, true));
    ServiceHandler stores = new ServiceHandler();
    stores.addService(new StoreService(taker, 20_000));
    return new Associations(StoreScu.Settings.of("CALLER"), name -> null)
        .open(
            archive,
            request,
            stores,
            (association, timer) -> {
              DimseRSP response =
                  association.cget(model, 0, query().attributes(), Uids.IMPLICIT_VR_LITTLE_ENDIAN);
              meanwhile.run(association, response);
              Attributes last = null;
              while (response.next()) {
                last = response.getCommand();
              }
              return last;
            });
  }

  @Test
  void cGetDecodesForARequesterThatDoesNotTakeTheStoredTransferSyntax() throws IOException {
    Path sample = Path.of("samples/chest.dcm"); // in JPEG 2000
    files.add(sample);
    for (String syntax : List.of(Uids.EXPLICIT_VR_LITTLE_ENDIAN, Uids.IMPLICIT_VR_LITTLE_ENDIAN)) {
      arrived.clear();
      assertThat(getIn(syntax).getInt(Tag.Status, -1)).isZero();
      DicomObject got = DicomObject.read(new ByteArrayInputStream(arrived.get(0)));
      assertThat(got.transferSyntaxUid()).isEqualTo(syntax);
      assertThat(PixelReader.frame(got, 1).values())
          .isEqualTo(PixelReader.frame(DicomObject.read(sample), 1).values());
    }
  }

  @Test
  void whatCannotBeDecodedFailsWithItsReason() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of("samples/chest.dcm"));
    files.add(Files.write(folder.resolve("cut.dcm"), Arrays.copyOf(whole, whole.length / 2)));
    Attributes last = getIn(Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    assertThat(last.getInt(Tag.Status, -1)).isEqualTo(0xA702);
    assertThat(last.getInt(Tag.NumberOfFailedSuboperations, -1)).isEqualTo(1);
    assertThat(last.getString(Tag.ErrorComment)).contains("not decodable", "1.2.840.10008.1.2.4.9");
    files.clear();
    file("1.2.3.4.5");
    assertThat(getIn(Uids.EXPLICIT_VR_LITTLE_ENDIAN).getString(Tag.ErrorComment))
        .isEqualTo("no presentation context accepted for its SOP class");
  }

  @Test
  void cMoveSendsToAKnownDestinationOnly() throws IOException {
    file("1.2.3.4.5");
    assertThat(scu("CALLER").move(archive, "1.2.3", "STATION"))
        .isEqualTo(new QueryScu.Retrieved(0, 1, 0, ""));
    assertThat(received).containsExactly("ARCHIVE 1.2.3.4.5");
    assertThat(scu("CALLER").move(archive, "1.2.3", "ELSEWHERE").status()).isEqualTo(0xA801);
  }

  /** Starts dcmtk's storescp as the destination; it takes what the option says. */
  private Process storescp(String option, Path into) throws Exception {
    Peers.need("storescp", "dcmtk");
    int port = Peers.freePort();
    Process station =
        new ProcessBuilder("storescp", option, "-aet", "STATION", "-od", into.toString(), "" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    workstation = new RemoteAe("STATION", "127.0.0.1", port);
    Peers.await("storescp", Duration.ofSeconds(30), this::isUp);
    return station;
  }

  private boolean isUp() {
    try {
      new StoreScu(StoreScu.Settings.of("CALLER")).echo(workstation);
      return true;
    } catch (DicomNetworkException e) {
      return false;
    }
  }

  private static List<DicomObject> in(Path folder) throws IOException {
    List<DicomObject> all = new ArrayList<>();
    try (var paths = Files.list(folder)) {
      for (Path path : paths.sorted().toList()) {
        all.add(DicomObject.read(path));
      }
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"+xe, " + Uids.EXPLICIT_VR_LITTLE_ENDIAN, "+xi, " + Uids.IMPLICIT_VR_LITTLE_ENDIAN})
  void cMoveDecodesForADestinationThatDoesNotTakeTheStoredTransferSyntax(
      String takes, String syntax) throws Exception {
    Path into = Files.createDirectories(folder.resolve("station"));
    DicomObject sample = DicomObject.read(Path.of("samples/chest.dcm")); // in JPEG 2000
    files.add(Path.of("samples/chest.dcm"));
    file("1.2.3.4.5");
    Process station = storescp(takes, into);
    try {
      assertThat(scu("CALLER").move(archive, "1.2.3", "STATION"))
          .isEqualTo(new QueryScu.Retrieved(0, 2, 0, ""));
    } finally {
      station.destroy();
      station.waitFor();
    }
    DicomObject got =
        in(into).stream().filter(each -> each.has(Tags.PixelData)).findFirst().orElseThrow();
    assertThat(got.string(Tags.SOPInstanceUID)).isEqualTo(sample.string(Tags.SOPInstanceUID));
    assertThat(got.transferSyntaxUid()).isEqualTo(syntax);
    assertThat(PixelReader.frame(got, 1).values()).isEqualTo(PixelReader.frame(sample, 1).values());
  }

  @Test
  void whatCannotBeDecodedForADestinationFailsWithItsReasonAndTheRestIsSent() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of("samples/chest.dcm"));
    files.add(Files.write(folder.resolve("cut.dcm"), Arrays.copyOf(whole, whole.length / 2)));
    file("1.2.3.4.5");
    Path into = Files.createDirectories(folder.resolve("station"));
    Process station = storescp("+xe", into);
    try {
      Attributes last = moved();
      assertThat(last.getInt(Tag.Status, -1)).isEqualTo(0xB000);
      assertThat(last.getInt(Tag.NumberOfFailedSuboperations, -1)).isEqualTo(1);
      assertThat(last.getInt(Tag.NumberOfCompletedSuboperations, -1)).isEqualTo(1);
      assertThat(last.getString(Tag.ErrorComment))
          .contains("not decodable", "1.2.840.10008.1.2.4.9");
    } finally {
      station.destroy();
      station.waitFor();
    }
    assertThat(in(into))
        .extracting(o -> o.string(Tags.SOPInstanceUID))
        .containsExactly("1.2.3.4.5");
  }

  @Test
  void whatADestinationRefusesIsAFailureWithItsStatus() throws IOException {
    StoreScp full =
        StoreScp.start(
            LoopbackScp.settings("STATION"),
            object -> {
              throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "SECRET");
            });
    open.add(full);
    workstation = new RemoteAe("STATION", "127.0.0.1", full.port());
    file("1.2.3.4.5");
    Attributes last = moved();
    assertThat(last.getInt(Tag.Status, -1)).isEqualTo(0xA702);
    assertThat(last.getString(Tag.ErrorComment)).isEqualTo("C-STORE was answered with status A700");
  }

  /** An exchange over an association for one model. */
  private <T> T over(String model, Associations.Exchange<T> exchange) {
    AAssociateRQ request = new AAssociateRQ();
    request.addPresentationContextFor(model, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    return new Associations(StoreScu.Settings.of("CALLER"), name -> null)
        .open(archive, request, exchange);
  }

  /** The last response to C-MOVE. */
  private Attributes moved() {
    String model = Uids.STUDY_ROOT_MOVE;
    return over(
        model,
        (association, timer) -> {
          DimseRSP response =
              association.cmove(
                  model,
                  0,
                  query().attributes(),
                  Uids.IMPLICIT_VR_LITTLE_ENDIAN,
                  workstation.aeTitle());
          Attributes last = null;
          while (response.next()) {
            last = response.getCommand();
          }
          return last;
        });
  }

  /**
   * Nine objects, of which the third is answered only after the archive has read a C-CANCEL, as its
   * log says.
   */
  private void beginSlowly() throws IOException {
    for (int n = 1; n <= 9; n++) {
      file("1.2.3.4." + n);
    }
    cancelled = new CountDownLatch(1);
    LINES.addHandler(cancels);
  }

  private final Handler cancels =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getMessage().contains("cancels its")) {
            cancelled.countDown();
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @Test
  void dcmtkCancelsAQuery() throws Exception {
    Peers.need("findscu", "dcmtk");
    endless = true;
    Peers.Run run = dcmtk("findscu", "--cancel", "2");
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).containsIgnoringCase("0xfe00");
  }

  @Test
  void dcmtkCancelsAMove() throws Exception {
    Peers.need("movescu", "dcmtk");
    beginSlowly();
    Peers.Run run = dcmtk("movescu", "--cancel", "2", "-aem", "STATION");
    assertThat(run.output()).containsIgnoringCase("0xfe00");
    assertThat(received).hasSize(3);
  }

  /** Which no program of dcmtk can. */
  @Test
  void aRetrievalByCGetIsCancelled() throws Exception {
    beginSlowly();
    Attributes last =
        get(
            Uids.SECONDARY_CAPTURE,
            Uids.EXPLICIT_VR_LITTLE_ENDIAN,
            this::keep,
            (association, response) -> {
              response.next();
              response.next();
              response.cancel(association);
            });
    assertThat(last.getInt(Tag.Status, -1)).isEqualTo(0xFE00);
    assertThat(last.getInt(Tag.NumberOfCompletedSuboperations, -1)).isEqualTo(3);
    assertThat(last.getInt(Tag.NumberOfRemainingSuboperations, -1)).isEqualTo(6);
    assertThat(received).hasSize(3);
  }

  private Peers.Run dcmtk(String program, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(program, "-d", "-S", "-aet", "CALLER", "-aec", "ARCHIVE"));
    command.addAll(List.of(more));
    command.addAll(
        List.of(
            "-k",
            "QueryRetrieveLevel=STUDY",
            "-k",
            "StudyInstanceUID=1.2.3",
            "127.0.0.1",
            String.valueOf(archive.port())));
    return Peers.run(command.toArray(String[]::new));
  }

  @Test
  void aDestinationThatIsDownFailsEverySubOperation() throws IOException {
    file("1.2.3.4.5");
    file("1.2.3.4.6");
    open.get(0).close();
    QueryScu.Retrieved retrieved = scu("CALLER").move(archive, "1.2.3", "STATION");
    assertThat(retrieved).isEqualTo(new QueryScu.Retrieved(0xA702, 0, 2, retrieved.comment()));
  }

  @Test
  void nothingToRetrieveIsASuccessWithoutObjects() {
    assertThat(scu("CALLER").get(archive, "1.2.3", CLASSES, this::keep))
        .isEqualTo(new QueryScu.Retrieved(0, 0, 0, ""));
    assertThat(scu("CALLER").move(archive, "1.2.3", "STATION"))
        .isEqualTo(new QueryScu.Retrieved(0, 0, 0, ""));
  }

  @Test
  void anArchiveWithoutTheServiceIsNamed() {
    assertThat(scu("CALLER").isOffered(workstation, Uids.STUDY_ROOT_FIND)).isFalse();
    assertThat(scu("CALLER").isOffered(archive, Uids.STUDY_ROOT_FIND, Uids.STUDY_ROOT_GET))
        .isTrue();
    assertThatThrownBy(() -> scu("CALLER").find(workstation, query(), 1))
        .hasMessageContaining("does not offer");
  }

  /** Answers every request with one pending response after the other, until it is cut off. */
  private static final class Unending extends DimseService {
    Unending() {
      super(Uids.STUDY_ROOT_FIND, Uids.STUDY_ROOT_GET);
    }

    @Override
    boolean sendsObjects() {
      return true;
    }

    @Override
    void answer(Call call) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    call.association()
                        .writeDimseRSP(
                            call.context(),
                            call.dimse() == Dimse.C_FIND_RQ
                                ? Commands.mkCFindRSP(call.command(), PENDING)
                                : Commands.mkCGetRSP(call.command(), PENDING));
                    Thread.sleep(100);
                  }
                } catch (IOException | InterruptedException e) {
                  // cut off
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Test
  void responsesWithoutEndAreCutOff() throws IOException {
    DicomObject study = DicomObject.create().set(Tags.QueryRetrieveLevel, "STUDY");
    RemoteAe endless = start("ENDLESS", List.of(new Unending()));
    StoreScu.Settings short_ =
        new StoreScu.Settings("CALLER", Duration.ofSeconds(10), Duration.ofSeconds(2));
    QueryScu scu = new QueryScu(short_, Duration.ofMinutes(10), name -> null);
    assertThatThrownBy(() -> scu.find(endless, study, 10))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("no end within 4 s");
    assertThatThrownBy(() -> scu.get(endless, "1.2.3", CLASSES, this::keep))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("nothing came within 10 s");
  }

  @Test
  void everyClassIsOfferedHoweverManyThereAre() {
    for (int classes : new int[] {1, 6, 30, QueryScu.MOST_CLASSES}) {
      List<String> all =
          IntStream.range(0, classes).mapToObj(i -> Uids.COMPUTED_RADIOGRAPHY + "." + i).toList();
      AAssociateRQ request = new AAssociateRQ();
      QueryScu.offer(request, all);
      assertThat(request.getNumberOfPresentationContexts())
          .isBetween(classes, QueryScu.MOST_CLASSES);
      for (String one : all) {
        assertThat(
                request.getPresentationContexts().stream()
                    .filter(context -> context.getAbstractSyntax().equals(one))
                    .flatMap(context -> Stream.of(context.getTransferSyntaxes())))
            .as("%s of %d", one, classes)
            .containsExactlyElementsOf(Uids.decodedSyntaxes());
      }
    }
  }

  @Test
  void aQueryThatIsNotAnsweredSaysSo() throws IOException {
    DimseService silent =
        new DimseService(Uids.STUDY_ROOT_FIND) {
          @Override
          void answer(Call call) {
            // never
          }
        };
    RemoteAe remote = start("SILENT", List.of(silent));
    StoreScu.Settings short_ =
        new StoreScu.Settings("CALLER", Duration.ofSeconds(10), Duration.ofSeconds(2));
    QueryScu scu = new QueryScu(short_, Duration.ofMinutes(10), name -> null);
    DicomObject study = DicomObject.create().set(Tags.QueryRetrieveLevel, "STUDY");
    assertThatThrownBy(() -> scu.find(remote, study, 10))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageEndingWith(": no answer within 2 s");
  }
}
