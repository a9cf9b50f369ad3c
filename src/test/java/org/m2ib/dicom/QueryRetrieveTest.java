package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class QueryRetrieveTest {
  private static final List<String> CLASSES = List.of(Uids.SECONDARY_CAPTURE);

  @TempDir Path folder;
  private final List<StoreScp> open = new ArrayList<>();
  private final List<DicomObject> matches = new CopyOnWriteArrayList<>();
  private final List<Path> files = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<byte[]> arrived = new CopyOnWriteArrayList<>();
  private final List<Integer> unmatched = new ArrayList<>();
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
      return matches;
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

  private RemoteAe start(String aeTitle, List<DimseService> services) throws IOException {
    StoreScp scp = StoreScp.start(LoopbackScp.settings(aeTitle), this::keep, services);
    open.add(scp);
    return new RemoteAe(aeTitle, "127.0.0.1", scp.port());
  }

  private void keep(IncomingObject object) throws IOException {
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
    AAssociateRQ request = new AAssociateRQ();
    String model = Uids.STUDY_ROOT_FIND;
    request.addPresentationContextFor(model, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    return new Associations(StoreScu.Settings.of("CALLER"), name -> null)
        .open(
            archive,
            request,
            (association, timer) -> {
              DimseRSP response =
                  association.cfind(
                      model,
                      0,
                      query.attributes(),
                      Uids.IMPLICIT_VR_LITTLE_ENDIAN,
                      Integer.MAX_VALUE);
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
    assertThat(retrieved).isEqualTo(new QueryScu.Retrieved(0, 2, 0));
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
    assertThat(retrieved).isEqualTo(new QueryScu.Retrieved(0xB000, 1, 1));
    assertThat(retrieved.isComplete()).isFalse();
    files.remove(0);
    assertThat(scu("CALLER").get(archive, "1.2.3", CLASSES, this::keep))
        .isEqualTo(new QueryScu.Retrieved(0xA702, 0, 1));
  }

  /** Retrieves with one presentation context for computed radiographs. */
  private Attributes getIn(String syntax) {
    AAssociateRQ request = new AAssociateRQ();
    String model = Uids.STUDY_ROOT_GET;
    request.addPresentationContextFor(model, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    request.addPresentationContextFor(Uids.COMPUTED_RADIOGRAPHY, syntax);
    request.addRoleSelection(new RoleSelection(Uids.COMPUTED_RADIOGRAPHY, false, true));
    ServiceHandler stores = new ServiceHandler();
    stores.addService(
        new StoreService(
            object -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              object.writeTo(out);
              arrived.add(out.toByteArray());
            },
            20_000));
    return new Associations(StoreScu.Settings.of("CALLER"), name -> null)
        .open(
            archive,
            request,
            stores,
            (association, timer) -> {
              DimseRSP response =
                  association.cget(model, 0, query().attributes(), Uids.IMPLICIT_VR_LITTLE_ENDIAN);
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
        .isEqualTo(new QueryScu.Retrieved(0, 1, 0));
    assertThat(received).containsExactly("ARCHIVE 1.2.3.4.5");
    assertThat(scu("CALLER").move(archive, "1.2.3", "ELSEWHERE").status()).isEqualTo(0xA801);
  }

  @Test
  void aDestinationThatIsDownFailsEverySubOperation() throws IOException {
    file("1.2.3.4.5");
    file("1.2.3.4.6");
    open.get(0).close();
    assertThat(scu("CALLER").move(archive, "1.2.3", "STATION"))
        .isEqualTo(new QueryScu.Retrieved(0xA702, 0, 2));
  }

  @Test
  void nothingToRetrieveIsASuccessWithoutObjects() {
    assertThat(scu("CALLER").get(archive, "1.2.3", CLASSES, this::keep))
        .isEqualTo(new QueryScu.Retrieved(0, 0, 0));
    assertThat(scu("CALLER").move(archive, "1.2.3", "STATION"))
        .isEqualTo(new QueryScu.Retrieved(0, 0, 0));
  }

  @Test
  void anArchiveWithoutTheServiceIsNamed() {
    assertThat(scu("CALLER").isOffered(workstation, Uids.STUDY_ROOT_FIND)).isFalse();
    assertThat(scu("CALLER").isOffered(archive, Uids.STUDY_ROOT_FIND, Uids.STUDY_ROOT_GET))
        .isTrue();
    assertThatThrownBy(() -> scu("CALLER").find(workstation, query(), 1))
        .hasMessageContaining("does not offer");
  }
}
