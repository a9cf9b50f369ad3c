package org.m2ib.dicom;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.m2ib.base.tls.Tls;

/** Asks archives for storage commitment, and answers senders (PS3.4 J). Thread-safe. */
public final class CommitmentScu {
  private static final String CLASS = Uids.STORAGE_COMMITMENT_PUSH_MODEL;
  private static final int REQUEST = 1; // PS3.4 Table J.3-1

  private final StoreScu.Settings settings;
  private final Function<String, Tls> tls;

  /**
   * @param tls current keys by {@link RemoteAe#tls}
   */
  public CommitmentScu(StoreScu.Settings settings, Function<String, Tls> tls) {
    this.settings = settings;
    this.tls = tls;
  }

  /**
   * Requests commitment (N-ACTION). The archive answers now, on the same association, or later, to
   * our listener.
   *
   * @param patience how long to keep the association open for the answer
   * @param reports takes the answer if it comes now
   * @throws DicomNetworkException if the archive does not take the request
   */
  public void ask(
      RemoteAe archive,
      String transactionUid,
      List<SopReference> instances,
      Duration patience,
      StorageCommitment.Reports reports) {
    CountDownLatch answered = new CountDownLatch(1);
    CommitmentReports events =
        new CommitmentReports(
            reports,
            report -> {
              if (report.transactionUid().equals(transactionUid)) {
                answered.countDown();
              }
            });
    ServiceHandler handler = new ServiceHandler();
    handler.addDimseRQHandler(
        events.handler(Associations.millis(settings.responseTimeout())), CLASS);
    DicomObject data = DicomObject.create().remove(Tags.SpecificCharacterSet);
    data.set(Tags.TransactionUID, transactionUid);
    instances.forEach(one -> one.write(data, Tags.ReferencedSOPSequence));
    AtomicBoolean requested = new AtomicBoolean();
    try {
      new Associations(settings, tls)
          .open(
              archive,
              request(),
              handler,
              (association, timer) -> {
                DimseRSP response =
                    association.naction(
                        CLASS,
                        Uids.STORAGE_COMMITMENT_INSTANCE,
                        REQUEST,
                        data.attributes(),
                        syntax(archive, association));
                check(archive, status(response), "the request for storage commitment");
                requested.set(true);
                return answered.await(patience.toMillis(), TimeUnit.MILLISECONDS);
              });
    } catch (DicomNetworkException e) {
      // an answer that crosses the release is repeated on another association
      if (!requested.get()) {
        throw e;
      }
    }
  }

  /**
   * Reports to a sender (N-EVENT-REPORT) in the role of the SCP.
   *
   * @param ownAeTitle the title that the sender had called
   * @throws DicomNetworkException if the sender does not take it
   */
  void report(RemoteAe sender, String ownAeTitle, CommitmentReport report) {
    AAssociateRQ request = request();
    request.addRoleSelection(new RoleSelection(CLASS, false, true));
    StoreScu.Settings own =
        new StoreScu.Settings(ownAeTitle, settings.connectTimeout(), settings.responseTimeout());
    new Associations(own, tls)
        .open(
            sender,
            request,
            (association, timer) -> {
              int status = send(association, report, syntax(sender, association));
              check(sender, status, "the report on storage commitment");
              return null;
            });
  }

  /** Sends a report (N-EVENT-REPORT) and returns the status of its answer. */
  static int send(Association association, CommitmentReport report, String syntax)
      throws IOException, InterruptedException {
    return status(
        association.neventReport(
            CLASS,
            Uids.STORAGE_COMMITMENT_INSTANCE,
            report.eventType(),
            report.write().attributes(),
            syntax));
  }

  /**
   * Returns whether an archive accepts requests; nothing is requested.
   *
   * @throws DicomNetworkException if it cannot be reached
   */
  public boolean isOffered(RemoteAe archive) {
    return new Associations(settings, tls)
        .open(archive, request(), (association, timer) -> accepted(association) != null);
  }

  private static AAssociateRQ request() {
    AAssociateRQ request = new AAssociateRQ();
    request.addPresentationContextFor(CLASS, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    request.addPresentationContextFor(CLASS, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    return request;
  }

  private static String syntax(RemoteAe remote, Association association) {
    Presentation context = accepted(association);
    if (context == null) {
      throw new DicomNetworkException(remote, "it does not offer storage commitment", null);
    }
    return context.getTransferSyntax();
  }

  private static Presentation accepted(Association association) {
    return association.getAAssociateAC().getPresentationContexts().stream()
        .filter(Presentation::isAccepted)
        .findFirst()
        .orElse(null);
  }

  private static int status(DimseRSP response) throws IOException, InterruptedException {
    response.next();
    return response.getCommand().getInt(Tag.Status, -1);
  }

  private static void check(RemoteAe remote, int status, String what) {
    if (status != DimseService.SUCCESS) {
      throw new DicomNetworkException(
          remote, what + " was answered with status %04X".formatted(status), null);
    }
  }
}
