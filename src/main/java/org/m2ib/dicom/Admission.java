package org.m2ib.dicom;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.AssociationHandler;
import org.aoju.bus.image.metric.internal.pdu.AAssociateAC;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRJ;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.jboss.logging.Logger;

/** Admits or rejects association requests, and logs those it rejects. */
final class Admission extends AssociationHandler {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);

  private final List<AllowedSender> allowed;

  /**
   * @param senders as {@link AllowedSender#parse} reads them; empty admits all
   */
  Admission(Set<String> senders) {
    this.allowed = senders.stream().map(AllowedSender::parse).toList();
  }

  @Override
  protected AAssociateAC negotiate(Association association, AAssociateRQ request)
      throws IOException {
    InetAddress from = association.getSocket().getInetAddress();
    try {
      if (!allowed.isEmpty()
          && allowed.stream().noneMatch(one -> one.allows(request.getCallingAET(), from))) {
        throw new AAssociateRJ(
            AAssociateRJ.RESULT_REJECTED_PERMANENT,
            AAssociateRJ.SOURCE_SERVICE_USER,
            AAssociateRJ.REASON_CALLING_AET_NOT_RECOGNIZED);
      }
      return super.negotiate(association, request);
    } catch (AAssociateRJ e) {
      LOG.warnf(
          "DICOM: association from %s (%s) to %s rejected: %s",
          AeTitle.clean(request.getCallingAET()),
          from.getHostAddress(),
          AeTitle.clean(request.getCalledAET()),
          AssociationRejection.text(e));
      throw e;
    }
  }
}
