package org.m2ib.cases;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A request to an archive to commit to the objects of one row of the outbox (DICOM PS3.4 J).
 *
 * @param transactionUid (0008,1195)
 * @param opened of the row at that time: an answer for earlier content does not count
 * @param objects SOP class UIDs by SOP Instance UID
 * @param answeredAt null if the archive has not answered
 * @param failed what the archive does not commit to: FailureReason (0008,1197), four hexadecimal
 *     digits, by SOP Instance UID
 */
public record Commitment(
    String transactionUid,
    UUID delivery,
    int opened,
    Map<String, String> objects,
    Instant answeredAt,
    Map<String, String> failed) {
  public Commitment {
    objects = Map.copyOf(objects);
    failed = Map.copyOf(failed);
  }

  /** Whether the archive committed to everything. */
  public boolean isPromised() {
    return answeredAt != null && failed.isEmpty();
  }
}
