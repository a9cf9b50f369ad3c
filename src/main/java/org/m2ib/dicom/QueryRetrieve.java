package org.m2ib.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.VR;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.Commands;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.Traces;

/**
 * Query and retrieval at our listener: C-FIND, C-MOVE and C-GET of the Study Root and Patient Root
 * information models (PS3.4 C), for known application entities.
 */
public final class QueryRetrieve extends DimseService {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final int OUT_OF_RESOURCES = 0xA700;
  private static final int MOVE_DESTINATION_UNKNOWN = 0xA801;
  static final int IDENTIFIER_DOES_NOT_MATCH = 0xA900;
  static final int UNABLE_TO_PROCESS = 0xC000;

  /** What is stored here. Called from several threads at once. */
  public interface Holdings {
    /**
     * The matches of a query.
     *
     * @param patientRoot whether the query is of the Patient Root model, else Study Root
     * @param limit at most one match more than this is returned
     * @return each with the elements of its level and those above
     * @throws IllegalArgumentException if the identifier breaks the model; the message has no
     *     patient data
     */
    List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit);

    /** Whether a key is matched at the identifier's level; others are ignored. */
    boolean isMatched(DicomObject identifier, int tag);

    /**
     * The Part 10 files of what the unique keys of an identifier name.
     *
     * @throws IllegalArgumentException if the identifier breaks the model; the message has no
     *     patient data
     */
    List<Path> files(DicomObject identifier, boolean patientRoot);
  }

  private final Holdings holdings;
  private final Set<String> callers;
  private final int mostMatches;
  private final StoreScu scu;
  private final Function<String, Optional<RemoteAe>> peers;
  private final ExecutorService operations =
      Executors.newCachedThreadPool(Threads.named("dicom-query"));

  /**
   * @param callers AE titles that may query and retrieve
   * @param mostMatches a query with more matches is refused
   * @param scu sends what is moved
   * @param peers addresses by AE title: where C-MOVE may send to
   */
  public QueryRetrieve(
      Holdings holdings,
      Set<String> callers,
      int mostMatches,
      StoreScu scu,
      Function<String, Optional<RemoteAe>> peers) {
    super(
        Uids.PATIENT_ROOT_FIND,
        Uids.PATIENT_ROOT_MOVE,
        Uids.PATIENT_ROOT_GET,
        Uids.STUDY_ROOT_FIND,
        Uids.STUDY_ROOT_MOVE,
        Uids.STUDY_ROOT_GET);
    this.holdings = holdings;
    this.callers = Set.copyOf(callers);
    this.mostMatches = mostMatches;
    this.scu = scu;
    this.peers = peers;
  }

  @Override
  boolean sendsObjects() {
    return true;
  }

  @Override
  public void close() {
    operations.shutdown();
  }

  private interface Operation {
    void run(AtomicBoolean cancelled) throws IOException, InterruptedException;
  }

  @Override
  void answer(Call call) {
    if (!callers.contains(call.callingAeTitle())) {
      throw new RefusedException(NOT_AUTHORIZED, "the calling AE title may not query");
    }
    String model = call.command().getString(Tag.AffectedSOPClassUID);
    boolean patientRoot =
        Set.of(Uids.PATIENT_ROOT_FIND, Uids.PATIENT_ROOT_MOVE, Uids.PATIENT_ROOT_GET)
            .contains(model);
    if (call.data() == null) {
      throw new RefusedException(IDENTIFIER_DOES_NOT_MATCH, "no identifier");
    }
    Dimse dimse = call.dimse();
    if (dimse == Dimse.C_FIND_RQ && isOne(model, Uids.PATIENT_ROOT_FIND, Uids.STUDY_ROOT_FIND)) {
      start(call, cancelled -> find(call, patientRoot, cancelled));
    } else if (dimse == Dimse.C_MOVE_RQ
        && isOne(model, Uids.PATIENT_ROOT_MOVE, Uids.STUDY_ROOT_MOVE)) {
      RemoteAe to =
          peers
              .apply(AeTitle.clean(call.command().getString(Tag.MoveDestination)))
              .orElseThrow(
                  () ->
                      new RefusedException(
                          MOVE_DESTINATION_UNKNOWN, "m2ib.dicom.peers has no such AE title"));
      start(call, cancelled -> move(call, to, patientRoot, cancelled));
    } else if (dimse == Dimse.C_GET_RQ
        && isOne(model, Uids.PATIENT_ROOT_GET, Uids.STUDY_ROOT_GET)) {
      start(call, cancelled -> get(call, patientRoot, cancelled));
    } else {
      throw new RefusedException(UNRECOGNIZED_OPERATION, "not an operation of this SOP class");
    }
  }

  private static boolean isOne(String model, String patientRoot, String studyRoot) {
    return patientRoot.equals(model) || studyRoot.equals(model);
  }

  /** On a thread of its own, so that the association's can receive a C-CANCEL. */
  private void start(Call call, Operation operation) {
    AtomicBoolean cancelled = new AtomicBoolean();
    int message = call.command().getInt(Tag.MessageID, 0);
    call.association()
        .addCancelRQHandler(
            message,
            association -> {
              cancelled.set(true);
              LOG.infof("DICOM: %s cancels its %s", call.callingAeTitle(), call.dimse());
            });
    operations.execute(
        () -> {
          try {
            operation.run(cancelled);
          } catch (RefusedException e) {
            fail(call, e.status(), e.getMessage());
          } catch (IllegalArgumentException e) {
            fail(call, IDENTIFIER_DOES_NOT_MATCH, e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException | RuntimeException e) {
            LOG.errorf(
                Traces.withoutMessages(e),
                "DICOM: %s from %s failed",
                call.dimse(),
                call.callingAeTitle());
            fail(call, UNABLE_TO_PROCESS, "the request could not be processed");
          } finally {
            call.association().removeCancelRQHandler(message);
          }
        });
  }

  private static void fail(Call call, int status, String comment) {
    LOG.warnf(
        "DICOM: %s from %s was refused with status %04X: %s",
        call.dimse(), call.callingAeTitle(), status, comment);
    Attributes response = Commands.mkRSP(call.command(), status, call.dimse());
    response.setString(Tag.ErrorComment, VR.LO, StoreService.comment(comment));
    call.association().tryWriteDimseRSP(call.context(), response);
  }

  private void find(Call call, boolean patientRoot, AtomicBoolean cancelled) throws IOException {
    Association association = call.association();
    DicomObject identifier = call.data();
    List<DicomObject> matches = holdings.find(identifier, patientRoot, mostMatches);
    if (matches.size() > mostMatches) {
      throw new RefusedException(OUT_OF_RESOURCES, "more than %d match".formatted(mostMatches));
    }
    boolean ignored = false;
    for (int tag : identifier.tags()) {
      ignored |= identifier.has(tag) && !isControl(tag) && !holdings.isMatched(identifier, tag);
    }
    int pending = ignored ? PENDING_WARNING : PENDING;
    int status = SUCCESS;
    for (DicomObject match : matches) {
      if (cancelled.get()) {
        status = CANCEL;
        break;
      }
      association.writeDimseRSP(
          call.context(),
          Commands.mkCFindRSP(call.command(), pending),
          reply(identifier, match, association.getLocalAET()).attributes());
    }
    association.writeDimseRSP(call.context(), Commands.mkCFindRSP(call.command(), status));
  }

  private static boolean isControl(int tag) {
    return tag == Tags.SpecificCharacterSet || tag == Tags.QueryRetrieveLevel;
  }

  /** The elements that were asked for, empty where the match has none. */
  private static DicomObject reply(DicomObject identifier, DicomObject match, String aeTitle) {
    DicomObject reply =
        DicomObject.create()
            .set(Tags.QueryRetrieveLevel, identifier.string(Tags.QueryRetrieveLevel))
            .set(Tags.RetrieveAETitle, aeTitle);
    for (int tag : identifier.tags()) {
      if (isControl(tag) || tag == Tags.RetrieveAETitle) {
        continue;
      }
      if (match.has(tag)) {
        reply.copy(match, tag);
      } else if (identifier.attributes().getVR(tag) != null) {
        reply.attributes().setNull(tag, identifier.attributes().getVR(tag));
      }
    }
    return reply;
  }

  private void move(Call call, RemoteAe to, boolean patientRoot, AtomicBoolean cancelled)
      throws IOException {
    List<Path> files = holdings.files(call.data(), patientRoot);
    SubOperations done = new SubOperations(call, files.size());
    StoreScu.MoveOriginator originator =
        new StoreScu.MoveOriginator(call.callingAeTitle(), call.command().getInt(Tag.MessageID, 0));
    try {
      scu.store(
          to,
          files,
          originator,
          outcome -> {
            done.add(outcome);
            return !cancelled.get() && done.pending();
          });
    } catch (DicomNetworkException e) {
      LOG.warnf("DICOM: C-MOVE of %s: %s", call.callingAeTitle(), e.getMessage());
      done.failRest(files, "the destination cannot be reached, or has ended the association");
    }
    done.end(cancelled.get());
  }

  private void get(Call call, boolean patientRoot, AtomicBoolean cancelled)
      throws IOException, InterruptedException {
    List<Path> files = holdings.files(call.data(), patientRoot);
    SubOperations done = new SubOperations(call, files.size());
    for (Path path : files) {
      if (cancelled.get()) {
        break;
      }
      done.add(send(call.association(), OutgoingFile.open(path)));
      if (!done.pending()) {
        return; // the association is gone
      }
    }
    done.end(cancelled.get());
  }

  private static StoreOutcome send(Association association, OutgoingFile file)
      throws IOException, InterruptedException {
    if (file.failure() != null) {
      return file.unreadable();
    }
    String stored = file.chooseAccepted(association);
    if (stored != null) {
      return StoreScu.outcome(
          file, association.cstore(file.sopClassUid(), file.sopInstanceUid(), 0, file, stored));
    }
    String uncompressed = file.chooseUncompressed(association);
    return uncompressed == null
        ? StoreOutcome.notSent(file.path(), "no presentation context accepted for its SOP class")
        : DecodedCopy.send(
            file,
            copy ->
                association.cstore(
                    copy.sopClassUid(), copy.sopInstanceUid(), 0, copy, uncompressed));
  }

  /** Counts of sub-operations, and the responses that tell them (PS3.7 9.3.3.2, 9.3.4.2). */
  private static final class SubOperations {
    private final Call call;
    private final int all;
    private final List<Path> failed = new ArrayList<>();
    private int completed;
    private int warnings;

    /** Of the first failure. */
    private String reason = "";

    SubOperations(Call call, int all) {
      this.call = call;
      this.all = all;
    }

    void add(StoreOutcome outcome) {
      if (outcome.status() == SUCCESS) {
        completed++;
      } else if (outcome.stored()) {
        warnings++;
      } else {
        failed.add(outcome.file());
        // a receiver's own comment may quote the object
        String why =
            outcome.status() < 0
                ? outcome.comment()
                : "C-STORE was answered with status %04X".formatted(outcome.status());
        reason = reason.isEmpty() ? why : reason;
      }
    }

    private int remaining() {
      return all - completed - warnings - failed.size();
    }

    void failRest(List<Path> files, String why) {
      reason = why;
      failed.addAll(files.subList(all - remaining(), all));
    }

    /** Returns false if the requester is gone. */
    boolean pending() {
      return remaining() == 0
          || call.association().tryWriteDimseRSP(call.context(), response(PENDING, true));
    }

    void end(boolean cancelled) {
      int status = SUCCESS;
      if (cancelled && remaining() > 0) {
        status = CANCEL;
      } else if (!failed.isEmpty()) {
        status = completed + warnings == 0 ? 0xA702 : 0xB000;
      }
      DicomObject data = null;
      if (!failed.isEmpty()) {
        data = DicomObject.create().remove(Tags.SpecificCharacterSet);
        data.set(Tags.FailedSOPInstanceUIDList, uids());
      }
      Attributes last = response(status, status == CANCEL);
      if (!reason.isEmpty()) {
        last.setString(Tag.ErrorComment, VR.LO, StoreService.comment(reason));
        LOG.warnf(
            "DICOM: %s of %s: %d of %d objects not sent, the first because: %s",
            call.dimse(), call.callingAeTitle(), failed.size(), all, reason);
      }
      call.association()
          .tryWriteDimseRSP(call.context(), last, data == null ? null : data.attributes());
    }

    private String[] uids() {
      return failed.stream()
          .map(OutgoingFile::open)
          .map(OutgoingFile::sopInstanceUid)
          .filter(uid -> uid != null)
          .toArray(String[]::new);
    }

    private Attributes response(int status, boolean remaining) {
      Attributes response = Commands.mkRSP(call.command(), status, call.dimse());
      VR vr = VR.US;
      if (remaining) {
        response.setInt(Tag.NumberOfRemainingSuboperations, vr, remaining());
      }
      response.setInt(Tag.NumberOfCompletedSuboperations, vr, completed);
      response.setInt(Tag.NumberOfFailedSuboperations, vr, failed.size());
      response.setInt(Tag.NumberOfWarningSuboperations, vr, warnings);
      return response;
    }
  }
}
