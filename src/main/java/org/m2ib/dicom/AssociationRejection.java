package org.m2ib.dicom;

import org.aoju.bus.image.metric.internal.pdu.AAssociateRJ;

/** Describes the codes of an A-ASSOCIATE-RJ in words (PS3.8 Table 9-21). */
final class AssociationRejection {
  private AssociationRejection() {}

  static String text(AAssociateRJ rejection) {
    String duration = rejection.getResult() == 2 ? "for now" : "permanently";
    String reason =
        switch (rejection.getSource() * 10 + rejection.getReason()) {
          case 12 -> "application context not supported";
          case 13 -> "calling AE title not recognized";
          case 17 -> "called AE title not recognized";
          case 22 -> "protocol version not supported";
          case 31 -> "temporary congestion";
          case 32 -> "too many associations";
          default -> "no reason given";
        };
    return reason + ", " + duration;
  }
}
