package org.m2ib.cases;

import java.util.List;
import java.util.UUID;

/**
 * The answer that a sender waits for after its request for storage commitment (DICOM PS3.4 J).
 *
 * @param callingAeTitle who asked
 * @param calledAeTitle the title of ours that it called
 * @param transactionUid (0008,1195)
 * @param attempts to answer, with the one in progress
 */
public record OwedCommitment(
    UUID id,
    String callingAeTitle,
    String calledAeTitle,
    String transactionUid,
    List<Instance> instances,
    int attempts) {
  /** An instance that the sender asked about. */
  public record Instance(String sopClassUid, String sopInstanceUid) {}

  public OwedCommitment {
    instances = List.copyOf(instances);
  }
}
