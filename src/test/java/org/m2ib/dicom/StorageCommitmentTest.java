package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorageCommitmentTest {
  private static final String CLASS = Uids.STORAGE_COMMITMENT_PUSH_MODEL;
  private static final SopReference HELD = new SopReference(Uids.SECONDARY_CAPTURE, "1.2.3.4.5");
  private static final SopReference GONE = new SopReference(Uids.SECONDARY_CAPTURE, "1.2.3.4.6");
  private static final CommitmentReport ANSWER =
      new CommitmentReport(
          "1.2.3", List.of(HELD), Map.of(GONE, CommitmentReport.NO_SUCH_OBJECT_INSTANCE));

  private final List<StoreScp> open = new ArrayList<>();
  private final Map<String, RemoteAe> peers = new HashMap<>();
  private final BlockingQueue<CommitmentReport> reports = new LinkedBlockingQueue<>();
  private final CommitmentScu scu = scu("M2IB");

  private static CommitmentScu scu(String aeTitle) {
    return new CommitmentScu(
        StoreScu.Settings.of(aeTitle),
        name -> {
          throw new IllegalArgumentException(name);
        });
  }

  private RemoteAe start(String aeTitle, List<DimseService> services) throws IOException {
    StoreScp scp = StoreScp.start(LoopbackScp.settings(aeTitle), object -> {}, services);
    open.add(scp);
    return new RemoteAe(aeTitle, "127.0.0.1", scp.port());
  }

  /** One that has an instance. */
  private RemoteAe archive() throws IOException {
    return start(
        "ARCHIVE",
        List.of(
            new StorageCommitment(
                instance -> instance.equals(HELD) ? 0 : CommitmentReport.NO_SUCH_OBJECT_INSTANCE,
                report -> false,
                scu("ARCHIVE"),
                title -> Optional.ofNullable(peers.get(title)))));
  }

  /** Our own listener. */
  private void listen() throws IOException {
    peers.put(
        "M2IB",
        start(
            "M2IB",
            List.of(
                new StorageCommitment(instance -> 0, this::take, scu, title -> Optional.empty()))));
  }

  private boolean take(CommitmentReport report) {
    return report.transactionUid().equals("1.2.3") && reports.add(report);
  }

  @AfterEach
  void stop() {
    open.forEach(StoreScp::close);
  }

  @Test
  void anAnswerComesOnTheAssociationOfItsRequestWhileThatIsOpen() throws Exception {
    scu.ask(archive(), "1.2.3", List.of(HELD, GONE), Duration.ofSeconds(20), this::take);
    assertThat(reports.poll()).isEqualTo(ANSWER);
  }

  @Test
  void anAnswerComesToOurListenerIfTheAssociationIsClosed() throws Exception {
    listen();
    RemoteAe archive = archive();
    // the archive's events are refused on this association, as by a sender that takes none there
    scu.ask(archive, "1.2.3", List.of(HELD, GONE), Duration.ZERO, report -> false);
    assertThat(reports.poll(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
  }

  @Test
  void anArchiveMayOpenAnAssociationInTheRoleOfTheProviderAlone() throws Exception {
    listen();
    for (boolean alsoUser : new boolean[] {false, true}) {
      AAssociateRQ request = request();
      request.addRoleSelection(new RoleSelection(CLASS, alsoUser, true));
      RoleSelection agreed =
          associations()
              .open(
                  peers.get("M2IB"),
                  request,
                  (association, timer) -> association.getAAssociateAC().getRoleSelectionFor(CLASS));
      assertThat(agreed.isSCP()).isTrue();
      assertThat(agreed.isSCU()).isEqualTo(alsoUser);
    }
  }

  @Test
  void aTransactionThatWasNotRequestedIsRefused() throws Exception {
    listen();
    CommitmentReport other = new CommitmentReport("9.9", List.of(HELD), Map.of());
    assertThatThrownBy(() -> scu.report(peers.get("M2IB"), "ARCHIVE", other))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("0115");
    assertThat(reports).isEmpty();
  }

  @Test
  void requestsThatAreNotOnesAreRefusedWithTheirStatus() throws Exception {
    RemoteAe archive = archive();
    DicomObject good = DicomObject.create().set(Tags.TransactionUID, "1.2.3");
    HELD.write(good, Tags.ReferencedSOPSequence);
    DicomObject nothing = DicomObject.create().set(Tags.TransactionUID, "1.2.3");
    DicomObject noTransaction = DicomObject.create();
    HELD.write(noTransaction, Tags.ReferencedSOPSequence);
    String instance = Uids.STORAGE_COMMITMENT_INSTANCE;
    // one that is right would be answered with a report, on an association that ends already
    assertThat(act(archive, "1.2.3.4", 1, good)).isEqualTo(0x0112);
    assertThat(act(archive, instance, 2, good)).isEqualTo(0x0123);
    assertThat(act(archive, instance, 1, nothing)).isEqualTo(0x0115);
    assertThat(act(archive, instance, 1, noTransaction)).isEqualTo(0x0115);
  }

  private static int act(RemoteAe archive, String instance, int type, DicomObject data) {
    return associations()
        .open(
            archive,
            request(),
            new ServiceHandler(), // takes no event
            (association, timer) -> {
              DimseRSP response =
                  association.naction(
                      CLASS, instance, type, data.attributes(), Uids.IMPLICIT_VR_LITTLE_ENDIAN);
              response.next();
              return response.getCommand().getInt(Tag.Status, -1);
            });
  }

  @Test
  void anArchiveThatDoesNotOfferItIsNamed() throws Exception {
    RemoteAe archive = start("ARCHIVE", List.of());
    assertThat(scu.isOffered(archive)).isFalse();
    assertThatThrownBy(
            () -> scu.ask(archive, "1.2.3", List.of(HELD), Duration.ZERO, report -> true))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("ARCHIVE@127.0.0.1")
        .hasMessageContaining("does not offer storage commitment");
    assertThat(scu.isOffered(archive())).isTrue();
  }

  private static AAssociateRQ request() {
    AAssociateRQ request = new AAssociateRQ();
    request.addPresentationContextFor(CLASS, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    return request;
  }

  private static Associations associations() {
    return new Associations(
        StoreScu.Settings.of("M2IB"),
        name -> {
          throw new IllegalArgumentException(name);
        });
  }
}
