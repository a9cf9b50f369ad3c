package org.m2ib.dicom;

import java.io.IOException;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.Commands;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.Traces;

/**
 * The Storage Commitment Push Model (PS3.4 J) at our listener, in both roles: it answers senders
 * that ask for commitment, and takes the answers of archives that we asked.
 *
 * <p>A sender gets its answer on the association of its request if that is still open, else on a
 * new one to the address configured for its AE title. What is owed is on disk before the request is
 * acknowledged, so a restart loses no answer.
 */
public final class StorageCommitment extends DimseService {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final String CLASS = Uids.STORAGE_COMMITMENT_PUSH_MODEL;

  /** Between looks for answers that are due. */
  private static final int POLL_SECONDS = 5;

  private static final int RESOURCE_LIMITATION = 0x0213;

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

  /** An answer that a sender waits for, while an attempt is made. */
  public interface Answer {
    /** Who asked. */
    String callingAeTitle();

    /** The title of ours that it called. */
    String calledAeTitle();

    String transactionUid();

    /** What it asked about. */
    List<SopReference> instances();

    /** The sender has taken the answer. */
    void done();

    /**
     * Records why the attempt failed.
     *
     * @return whether it was the last one
     */
    boolean failed(String problem);

    /** Gives the attempt back, which was not made: it does not count, and is due again soon. */
    void giveBack();
  }

  /** What senders wait for, on disk. Called from several threads at once. */
  public interface Owed {
    /** Records a request before it is acknowledged; its first attempt follows at once. */
    Answer open(
        String callingAeTitle,
        String calledAeTitle,
        String transactionUid,
        List<SopReference> instances);

    /** Takes the attempts that are due; no other process makes them. */
    List<Answer> take();
  }

  private final Holdings holdings;
  private final Owed owed;
  private final CommitmentReports reports;
  private final CommitmentScu scu;
  private final Function<String, Optional<RemoteAe>> peers;
  private final PeerQueues answers = new PeerQueues("dicom-commitment");
  private final ScheduledExecutorService poll =
      Executors.newSingleThreadScheduledExecutor(Threads.named("dicom-commitment-poll"));

  /**
   * Answers what is due from now on.
   *
   * @param scu calls senders that have closed their association
   * @param peers addresses by AE title
   */
  public StorageCommitment(
      Holdings holdings,
      Owed owed,
      Reports reports,
      CommitmentScu scu,
      Function<String, Optional<RemoteAe>> peers) {
    super(CLASS);
    this.holdings = holdings;
    this.owed = owed;
    this.reports = new CommitmentReports(reports, report -> {});
    this.scu = scu;
    this.peers = peers;
    poll.scheduleWithFixedDelay(this::answerDue, 0, POLL_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  boolean isUsed() {
    return true;
  }

  @Override
  public void close() {
    poll.shutdown(); // an interrupt would close an embedded database
    answers.close();
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
    Answer answer = open(call, asked);
    call.association()
        .writeDimseRSP(call.context(), Commands.mkNActionRSP(call.command(), SUCCESS));
    try {
      answers.add(answer.callingAeTitle(), () -> attempt(answer, report -> onSame(call, report)));
    } catch (RejectedExecutionException e) {
      // the service ends: after its next start
    }
  }

  private Answer open(Call call, CommitmentReport asked) {
    try {
      return owed.open(
          call.callingAeTitle(),
          AeTitle.clean(call.association().getCalledAET()),
          asked.transactionUid(),
          asked.committed());
    } catch (RuntimeException e) {
      LOG.error("a storage commitment request cannot be recorded", Traces.withoutMessages(e));
      throw new RefusedException(RESOURCE_LIMITATION, "storage is not available; ask again");
    }
  }

  private static boolean isUid(String text) {
    return text.matches("[0-9.]{1,64}");
  }

  /** Makes the attempts that are due, each sender's on a thread of its own. */
  void answerDue() {
    try {
      owed.take().stream()
          .collect(Collectors.groupingBy(Answer::callingAeTitle))
          .forEach(
              (sender, due) -> {
                if (answers.isBusy(sender)) {
                  due.forEach(Answer::giveBack);
                } else {
                  answers.add(sender, () -> attemptAll(due));
                }
              });
    } catch (RejectedExecutionException e) {
      // the service ends: after its next start
    } catch (RuntimeException e) { // the database is away: after the pause
      LOG.error("storage commitment cannot be answered", Traces.withoutMessages(e));
    }
  }

  /** A sender that does not take one is not called for the others now. */
  private void attemptAll(List<Answer> due) {
    Optional<String> silent = Optional.empty();
    for (Answer answer : due) {
      if (silent.isPresent()) {
        failed(answer, silent.get());
      } else {
        silent = attempt(answer, report -> false);
      }
    }
  }

  private static CommitmentReport request(DicomObject data) {
    try {
      CommitmentReport request = CommitmentReport.read(data == null ? DicomObject.create() : data);
      if (request.committed().isEmpty()) {
        throw new RefusedException(INVALID_ARGUMENT, "(0008,1199) ReferencedSOPSequence is empty");
      }
      if (!isUid(request.transactionUid())
          || !request.committed().stream()
              .allMatch(one -> isUid(one.sopClassUid()) && isUid(one.sopInstanceUid()))) {
        throw new RefusedException(INVALID_ARGUMENT, "a UID breaks the standard (PS3.5 9.1)");
      }
      return request;
    } catch (DicomException e) {
      throw new RefusedException(INVALID_ARGUMENT, e.getMessage());
    }
  }

  /** Returns by what the sender could not be told, if it could not. */
  private Optional<String> attempt(Answer answer, Predicate<CommitmentReport> onSame) {
    try {
      CommitmentReport report = examined(answer);
      if (!onSame.test(report)) {
        scu.report(peer(answer), answer.calledAeTitle(), report);
      }
      answer.done();
      LOG.infof(
          "DICOM: storage commitment for %s: %d instances promised, %d not",
          answer.callingAeTitle(), report.committed().size(), report.failed().size());
      return Optional.empty();
    } catch (RuntimeException e) {
      boolean told = e instanceof DicomNetworkException || e instanceof NoAddressException;
      if (!told) {
        LOG.error("an answer on storage commitment failed", Traces.withoutMessages(e));
      }
      failed(answer, told ? e.getMessage() : "the service failed");
      return told ? Optional.of(e.getMessage()) : Optional.empty();
    }
  }

  private void failed(Answer answer, String problem) {
    try {
      LOG.warnf(
          "DICOM: %s has no answer to its storage commitment request, %s: %s",
          answer.callingAeTitle(), answer.failed(problem) ? "given up" : "tried again", problem);
    } catch (RuntimeException e) { // the row is due again anyway
      LOG.error("a failed answer cannot be recorded", Traces.withoutMessages(e));
    }
  }

  private RemoteAe peer(Answer answer) {
    return peers.apply(answer.callingAeTitle()).orElseThrow(NoAddressException::new);
  }

  private static final class NoAddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAddressException() {
      super("its association is closed, and m2ib.dicom.peers has no address");
    }
  }

  private CommitmentReport examined(Answer asked) {
    List<SopReference> committed = new ArrayList<>();
    Map<SopReference, Integer> failed = new LinkedHashMap<>();
    for (SopReference instance : asked.instances()) {
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
      return CommitmentScu.send(association, report, call.context().getTransferSyntax()) == SUCCESS;
    } catch (IOException | RuntimeException e) {
      return false; // closed meanwhile
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
