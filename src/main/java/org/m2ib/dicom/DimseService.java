package org.m2ib.dicom;

import java.io.IOException;
import java.util.Set;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.DimseRQHandler;
import org.aoju.bus.image.metric.ImageException;
import org.aoju.bus.image.metric.PDVInputStream;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;

/** A service that the listener offers besides verification and storage (PS3.4). */
public abstract class DimseService implements AutoCloseable {
  // Statuses of PS3.7 C and PS3.4 C
  static final int SUCCESS = 0;
  static final int PROCESSING_FAILURE = 0x0110;
  static final int NO_SUCH_INSTANCE = 0x0112;
  static final int NO_SUCH_EVENT_TYPE = 0x0113;
  static final int INVALID_ARGUMENT = 0x0115;
  static final int NO_SUCH_ACTION_TYPE = 0x0123;
  static final int CANCEL = 0xFE00;
  static final int PENDING = 0xFF00;
  static final int PENDING_WARNING = 0xFF01;
  static final int NOT_AUTHORIZED = 0x0124;
  static final int UNRECOGNIZED_OPERATION = 0x0211;

  private static final Logger LOG = Logger.getLogger(StoreScp.class);

  /** More than any request needs: a commitment for a hundred thousand instances. */
  private static final long LONGEST = 1 << 24;

  /**
   * A request.
   *
   * @param data its data set; null if it has none
   */
  record Call(
      Association association,
      Presentation context,
      Dimse dimse,
      Attributes command,
      DicomObject data) {
    String callingAeTitle() {
      return AeTitle.clean(association.getCallingAET());
    }
  }

  /**
   * What a query or retrieval was answered with (PS3.4 C.4, PS3.7 C), for example {@code status
   * A801 (it does not know the destination's AE title): no such modality}.
   *
   * @param comment of the answer; {@code ""} if it has none
   */
  static String text(int status, String comment) {
    String said = comment == null ? "" : comment.replaceAll("[^ -~]", "").strip();
    return "status %04X".formatted(status)
        + (meaning(status).isEmpty() ? "" : " (" + meaning(status) + ")")
        + (said.isEmpty() ? "" : ": " + said);
  }

  private static String meaning(int status) {
    return switch (status) {
      case SUCCESS -> "success";
      case PROCESSING_FAILURE -> "processing failure";
      case 0x0122 -> "it does not support the SOP class";
      case NOT_AUTHORIZED -> "it does not authorise this AE title";
      case UNRECOGNIZED_OPERATION -> "it does not know the operation";
      case 0xA701 -> "out of resources, it cannot count the objects";
      case 0xA702 -> "out of resources, it cannot send the objects";
      case 0xA801 -> "it does not know the destination's AE title";
      case 0xB000 -> "some objects failed";
      case CANCEL -> "cancelled";
      default ->
          switch (status >> 8) {
            case 0xA7 -> "out of resources";
            case 0xA9 -> "the identifier does not match the SOP class";
            default -> status >> 12 == 0xC ? "it cannot process the request" : "";
          };
    };
  }

  private final Set<String> sopClasses;

  DimseService(String... sopClasses) {
    this.sopClasses = Set.of(sopClasses);
  }

  final Set<String> sopClasses() {
    return sopClasses;
  }

  /** Whether a peer may open an association as the service's SCP (PS3.7 D.3.3.4). */
  boolean isUsed() {
    return false;
  }

  /** Whether the service sends objects to a peer on the association that this has requested. */
  boolean sendsObjects() {
    return false;
  }

  /**
   * Answers a request.
   *
   * @throws RefusedException to answer with its status
   */
  abstract void answer(Call call) throws IOException;

  /** Ends what the service does on its own. */
  @Override
  public void close() {
    // nothing to end
  }

  /**
   * @param idleMillis how long a data set may pause
   */
  final DimseRQHandler handler(int idleMillis) {
    return new DimseRQHandler() {
      @Override
      public void onDimse(
          Association association,
          Presentation context,
          Dimse dimse,
          Attributes command,
          PDVInputStream data)
          throws IOException {
        DicomObject set = data == null ? null : read(association, context, data, idleMillis);
        receive(new Call(association, context, dimse, command, set));
      }

      @Override
      public void onClose(Association association) {
        // a request that is being answered fails by itself
      }
    };
  }

  private static DicomObject read(
      Association association, Presentation context, PDVInputStream data, int idleMillis)
      throws IOException {
    association.getSocket().setSoTimeout(idleMillis);
    try {
      return new DataSetReader(header -> true)
          .read(new PacedInput(data, idleMillis, LONGEST), context.getTransferSyntax());
    } catch (DicomException e) {
      data.skipAll();
      throw new ImageException(PROCESSING_FAILURE, StoreService.comment(e.getMessage()));
    } finally {
      association.getSocket().setSoTimeout(0);
    }
  }

  private void receive(Call call) throws IOException {
    try {
      answer(call);
    } catch (RefusedException e) {
      LOG.warnf(
          "DICOM: %s from %s was refused with status %04X: %s",
          call.dimse(), call.callingAeTitle(), e.status(), e.getMessage());
      throw new ImageException(e.status(), StoreService.comment(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.errorf(
          Traces.withoutMessages(e),
          "DICOM: %s from %s failed",
          call.dimse(),
          call.callingAeTitle());
      throw new ImageException(PROCESSING_FAILURE, "the request could not be processed");
    }
  }
}
