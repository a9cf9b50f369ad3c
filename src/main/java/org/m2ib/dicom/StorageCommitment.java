package org.m2ib.dicom;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.Commands;
import org.aoju.bus.image.metric.DimseRSP;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;

/**
 * The Storage Commitment Push Model (PS3.4 J) at our listener, in both roles: it answers senders
 * that ask for commitment, and takes the answers of archives that we asked.
 *
 * <p>A sender gets its answer on the association of its request if that is still open, else on a
 * new one to the address configured for its AE title. A sender without an answer asks again, so
 * answers do not survive a restart.
 */
public final class StorageCommitment extends DimseService {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final String CLASS = Uids.STORAGE_COMMITMENT_PUSH_MODEL;

  /** Pauses before further attempts to answer. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofHours(1));

  /** What is stored here. Called from several threads at once. */
  public interface Holdings {
    /**
     * @return 0 if the instance is stored and will be kept, else a FailureReason (0008,1197) of
     *     PS3.3 C.14.1.1
     */
    int failureReason(SopReference instance);
  }

  /** Takes the answers of archives. Called from several threads at once. */
  public interface Reports {
    /**
     * @return false if no such transaction was requested here
     */
    boolean reported(CommitmentReport report);
  }

  private final Holdings holdings;
  private final CommitmentReports reports;
  private final CommitmentScu scu;
  private final Function<String, Optional<RemoteAe>> peers;
  private final ScheduledExecutorService answers =
      Executors.newScheduledThreadPool(2, Threads.named("dicom-commitment"));

  /**
   * @param scu calls senders that have closed their association
   * @param peers addresses by AE title
   */
  public StorageCommitment(
      Holdings holdings,
      Reports reports,
      CommitmentScu scu,
      Function<String, Optional<RemoteAe>> peers) {
    super(CLASS);
    this.holdings = holdings;
    this.reports = new CommitmentReports(reports, report -> {});
    this.scu = scu;
    this.peers = peers;
  }

  @Override
  boolean isUsed() {
    return true;
  }

  @Override
  public void close() {
    answers.shutdownNow();
  }

  @Override
  void answer(Call call) throws IOException {
    if (call.dimse() != Dimse.N_ACTION_RQ) {
      reports.answer(call);
      return;
    }
    if (!Uids.STORAGE_COMMITMENT_INSTANCE.equals(
        call.command().getString(Tag.RequestedSOPInstanceUID))) {
      throw new RefusedException(NO_SUCH_INSTANCE, "not the well-known instance of the SOP class");
    }
    if (call.command().getInt(Tag.ActionTypeID, 0) != 1) {
      throw new RefusedException(NO_SUCH_ACTION_TYPE, "the action type is not 1");
    }
    CommitmentReport asked = request(call.data());
    call.association()
        .writeDimseRSP(call.context(), Commands.mkNActionRSP(call.command(), SUCCESS));
    answers.execute(() -> report(call, asked, 0));
  }

  private static CommitmentReport request(DicomObject data) {
    try {
      CommitmentReport request = CommitmentReport.read(data == null ? DicomObject.create() : data);
      if (request.committed().isEmpty()) {
        throw new RefusedException(INVALID_ARGUMENT, "(0008,1199) ReferencedSOPSequence is empty");
      }
      return request;
    } catch (DicomException e) {
      throw new RefusedException(INVALID_ARGUMENT, e.getMessage());
    }
  }

  /**
   * @param attempts that failed before
   */
  private void report(Call call, CommitmentReport asked, int attempts) {
    String caller = call.callingAeTitle();
    try {
      CommitmentReport report = examined(asked);
      if (!onSame(call, report)) {
        RemoteAe peer =
            peers
                .apply(caller)
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "its association is closed, and m2ib.dicom.peers has no address"));
        scu.report(peer, call.association().getCalledAET(), report);
      }
      LOG.infof(
          "DICOM: storage commitment for %s: %d instances promised, %d not",
          caller, report.committed().size(), report.failed().size());
    } catch (RuntimeException e) {
      again(call, asked, attempts, e);
    }
  }

  private void again(Call call, CommitmentReport asked, int attempts, RuntimeException failure) {
    boolean givenUp = attempts >= PAUSES.size() || failure instanceof IllegalStateException;
    boolean told = givenUp || failure instanceof DicomNetworkException;
    LOG.warnf(
        "DICOM: %s has no answer to its storage commitment request, %s: %s",
        call.callingAeTitle(),
        givenUp ? "given up" : "again in " + PAUSES.get(attempts),
        told ? failure.getMessage() : Traces.withoutMessages(failure));
    if (!givenUp) {
      try {
        answers.schedule(
            () -> report(call, asked, attempts + 1),
            PAUSES.get(attempts).toMillis(),
            TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // the service ends
      }
    }
  }

  private CommitmentReport examined(CommitmentReport asked) {
    List<SopReference> committed = new ArrayList<>();
    Map<SopReference, Integer> failed = new LinkedHashMap<>();
    for (SopReference instance : asked.committed()) {
      int reason = holdings.failureReason(instance);
      if (reason == 0) {
        committed.add(instance);
      } else {
        failed.put(instance, reason);
      }
    }
    return new CommitmentReport(asked.transactionUid(), committed, failed);
  }

  /** Returns whether the sender took the report on the association of its request. */
  private static boolean onSame(Call call, CommitmentReport report) {
    Association association = call.association();
    if (!association.isReadyForDataTransfer()) {
      return false;
    }
    try {
      DimseRSP response =
          association.neventReport(
              CLASS,
              Uids.STORAGE_COMMITMENT_INSTANCE,
              report.eventType(),
              report.write().attributes(),
              call.context().getTransferSyntax());
      response.next();
      return response.getCommand().getInt(Tag.Status, -1) == SUCCESS;
    } catch (IOException | RuntimeException e) {
      return false; // closed meanwhile
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
