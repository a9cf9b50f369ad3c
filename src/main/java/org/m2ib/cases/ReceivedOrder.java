package org.m2ib.cases;

/**
 * One received order. Its raw message is already durable in the {@link Blobs}.
 *
 * @param study the numbers that it puts together, at least two
 * @param event HL7 trigger event: {@code O01}
 * @param blob the SHA-256 of the raw message
 */
public record ReceivedOrder(StudyKey study, String event, String blob) {

  /** Whether an order puts numbers together, which is all that is kept of it. */
  public static boolean tells(StudyKey study) {
    int numbers = study.studyInstanceUid() == null ? 0 : 1;
    numbers += study.accessionNumber() == null ? 0 : 1;
    numbers += study.orderNumber() == null ? 0 : 1;
    return numbers > 1;
  }
}
