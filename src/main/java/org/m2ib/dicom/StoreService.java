package org.m2ib.dicom;

import java.io.IOException;
import java.io.InputStream;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.ImageException;
import org.aoju.bus.image.metric.PDVInputStream;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.aoju.bus.image.metric.service.BasicCStoreSCP;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;

/** Passes C-STORE requests (PS3.4 B.2.3) to the handler. */
final class StoreService extends BasicCStoreSCP {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);

  private static final int COMMENT_LENGTH = 64; // VR LO

  private final StoreScp.Handler handler;
  private final int idleMillis;

  StoreService(StoreScp.Handler handler, int idleMillis) {
    this.handler = handler;
    this.idleMillis = idleMillis;
  }

  @Override
  protected void store(
      Association association,
      Presentation presentation,
      Attributes request,
      PDVInputStream data,
      Attributes response)
      throws IOException {
    if (data == null) {
      throw new ImageException(RefusedException.CANNOT_UNDERSTAND, "no data set");
    }
    // The library's idle timeout does not apply while an object arrives, so a stalled sender would
    // hold the association.
    association.getSocket().setSoTimeout(idleMillis);
    try {
      store(
          AeTitle.clean(association.getRemoteAET()),
          AeTitle.clean(association.getLocalAET()),
          presentation.getTransferSyntax(),
          request,
          new PacedInput(data, idleMillis));
    } catch (RefusedException e) {
      data.skipAll();
      LOG.warnf(
          "DICOM: an object from %s was refused with status %04X: %s",
          association.getRemoteAET(), e.status(), e.getMessage());
      throw new ImageException(e.status(), comment(e.getMessage()));
    } finally {
      association.getSocket().setSoTimeout(0);
    }
  }

  private void store(
      String callingAeTitle,
      String calledAeTitle,
      String transferSyntaxUid,
      Attributes request,
      InputStream data)
      throws IOException {
    IncomingObject object =
        new IncomingObject(
            request.getString(Tag.AffectedSOPClassUID),
            request.getString(Tag.AffectedSOPInstanceUID),
            callingAeTitle,
            calledAeTitle,
            transferSyntaxUid,
            data);
    try {
      handler.store(object);
    } catch (RefusedException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      if (object.broken() != null) {
        LOG.warnf("DICOM: %s closed the connection in the middle of an object", callingAeTitle);
        throw object.broken();
      }
      LOG.errorf(
          Traces.withoutMessages(e),
          "DICOM: an object from %s could not be stored",
          callingAeTitle);
      throw new RefusedException(
          RefusedException.PROCESSING_FAILURE, "the object could not be stored");
    }
  }

  static String comment(String text) {
    return text == null || text.length() <= COMMENT_LENGTH
        ? text
        : text.substring(0, COMMENT_LENGTH);
  }
}
