package org.m2ib.delivery;

import java.util.List;

/** The systems that receive results now: those configured, and those in the routes in force. */
public interface KnownDestinations {

  /** What a destination speaks. */
  enum Protocol {
    DICOM,
    DICOMWEB,
    FHIR,
    HL7;

    /** That of a destination of the outbox. */
    public static Protocol of(String address) {
      if (MllpAddress.is(address)) {
        return HL7;
      }
      if (StowAddress.is(address)) {
        return DICOMWEB;
      }
      return address.matches("(?i)https?:.*") ? FHIR : DICOM;
    }
  }

  /**
   * @param address as rows of the outbox name it
   * @param namedBy the settings that name it, and the routes' name for it
   */
  record Known(Protocol protocol, String address, List<String> namedBy) {}

  /** Each once, the archives first. */
  List<Known> known();
}
