package org.m2ib.dicom;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.m2ib.base.tls.Tls;

/**
 * A DICOM client for C-ECHO and C-STORE (PS3.4 A and B) that opens one association per call.
 * Thread-safe.
 */
public final class StoreScu {
  private static final int ERROR_COMMENT = 0x0000_0902;
  private static final int STATUS = 0x0000_0900;

  /**
   * @param callingAeTitle our own AE title
   * @param connectTimeout timeout of the TCP connection
   * @param responseTimeout timeout of each answer, to the association and to each object
   */
  public record Settings(String callingAeTitle, Duration connectTimeout, Duration responseTimeout) {
    public Settings {
      callingAeTitle = AeTitle.check(callingAeTitle);
      if (connectTimeout.toMillis() < 1 || responseTimeout.toMillis() < 1) {
        throw new IllegalArgumentException(
            "timeouts " + connectTimeout + ", " + responseTimeout + ": must be above 0");
      }
    }

    /** Ten seconds to connect, a minute for each answer. */
    public static Settings of(String callingAeTitle) {
      return new Settings(callingAeTitle, Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    /** Returns the timeout for sending one object and receiving its answer. */
    Duration objectTimeout() {
      return responseTimeout.multipliedBy(5);
    }
  }

  private final Settings settings;
  private final Associations associations;

  /** A client without keys, for plain connections. */
  public StoreScu(Settings settings) {
    this(
        settings,
        name -> {
          throw new IllegalArgumentException("TLS is not configured");
        });
  }

  /**
   * @param tls current keys by {@link RemoteAe#tls}
   */
  public StoreScu(Settings settings, Function<String, Tls> tls) {
    this.settings = settings;
    this.associations = new Associations(settings, tls);
  }

  /**
   * Verifies that the remote AE answers (C-ECHO).
   *
   * @throws DicomNetworkException if it cannot be reached or rejects the request
   */
  public void echo(RemoteAe remote) {
    AAssociateRQ request = new AAssociateRQ();
    request.addPresentationContextFor(Uids.VERIFICATION, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    associations.open(
        remote,
        request,
        (association, timer) -> {
          DimseRSP response = association.cecho();
          response.next();
          int status = response.getCommand().getInt(STATUS, -1);
          if (status != 0) {
            throw new DicomNetworkException(
                remote, "C-ECHO was answered with status %04X".formatted(status), null);
          }
          return null;
        });
  }

  /**
   * Sends Part 10 files over one association. Uncompressed objects are also offered in Explicit and
   * Implicit VR Little Endian and converted to what the receiver chooses; others are sent as they
   * are. A file that fails or is refused does not stop the ones after it.
   *
   * @return one outcome per file, in the given order
   * @throws DicomNetworkException if no association is made or it is lost; it is then unknown what
   *     was stored, and sending all files again is safe
   */
  public List<StoreOutcome> store(RemoteAe remote, List<Path> files) {
    return store(remote, files, null, outcome -> true);
  }

  /**
   * Who asked for C-STORE by C-MOVE (PS3.7 9.1.1.1).
   *
   * @param aeTitle of the requester
   * @param messageId of its C-MOVE request
   */
  record MoveOriginator(String aeTitle, int messageId) {}

  /**
   * @param originator null: none; for one, what the receiver does not take as stored is decoded
   * @param goesOn told each outcome; returns whether to send the next file
   */
  List<StoreOutcome> store(
      RemoteAe remote,
      List<Path> files,
      MoveOriginator originator,
      Predicate<StoreOutcome> goesOn) {
    List<OutgoingFile> outgoing = files.stream().map(OutgoingFile::open).toList();
    AAssociateRQ request = new AAssociateRQ();
    for (OutgoingFile file : outgoing) {
      file.offer(request, originator != null);
    }
    if (request.getNumberOfPresentationContexts() == 0) {
      List<StoreOutcome> unreadable = outgoing.stream().map(OutgoingFile::unreadable).toList();
      unreadable.forEach(goesOn::test);
      return unreadable;
    }
    return associations.open(
        remote,
        request,
        (association, timer) -> {
          List<StoreOutcome> outcomes = new ArrayList<>();
          for (OutgoingFile file : outgoing) {
            ScheduledFuture<?> limit =
                timer.schedule(
                    () -> cut(association),
                    Associations.millis(settings.objectTimeout()),
                    MILLISECONDS);
            outcomes.add(store(association, file, originator));
            limit.cancel(false);
            if (!goesOn.test(outcomes.get(outcomes.size() - 1))) {
              break;
            }
          }
          return outcomes;
        });
  }

  /** Ends a write that the receiver does not read. Nothing else interrupts it. */
  private static void cut(Association association) {
    try {
      association.getSocket().close();
    } catch (IOException e) {
      // already closed
    }
  }

  private static StoreOutcome store(
      Association association, OutgoingFile file, MoveOriginator originator)
      throws IOException, InterruptedException {
    if (file.failure() != null) {
      return file.unreadable();
    }
    Presentation context = file.choose(association);
    if (context != null) {
      return outcome(file, send(association, file, context, originator));
    }
    Presentation decoded = originator == null ? null : file.chooseDecoded(association);
    if (decoded == null) {
      return StoreOutcome.notSent(
          file.path(),
          "the receiver accepts no presentation context for SOP class %s in transfer syntax %s"
              .formatted(file.sopClassUid(), file.transferSyntaxUid()));
    }
    return DecodedCopy.send(file, copy -> send(association, copy, decoded, originator));
  }

  private static DimseRSP send(
      Association association, OutgoingFile file, Presentation context, MoveOriginator originator)
      throws IOException, InterruptedException {
    String syntax = context.getTransferSyntax();
    return originator == null
        ? association.cstore(file.sopClassUid(), file.sopInstanceUid(), 0, file, syntax)
        : association.cstore(
            file.sopClassUid(),
            file.sopInstanceUid(),
            0,
            originator.aeTitle(),
            originator.messageId(),
            file,
            syntax);
  }

  /** Waits for the answer to a C-STORE request. */
  static StoreOutcome outcome(OutgoingFile file, DimseRSP response)
      throws IOException, InterruptedException {
    response.next();
    Attributes answer = response.getCommand();
    return new StoreOutcome(
        file.path(), answer.getInt(STATUS, -1), answer.getString(ERROR_COMMENT, ""));
  }
}
