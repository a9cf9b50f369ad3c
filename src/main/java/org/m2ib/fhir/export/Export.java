package org.m2ib.fhir.export;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A bulk export (FHIR Bulk Data Access 2, $export).
 *
 * @param id its id
 * @param client who asked for it and may have it
 * @param request the URL that asked for it
 * @param types resource types, in the order in which they are exported
 * @param since when a resource was stored at the earliest
 * @param transactionTime the resources are as they were at this time
 * @param expiresAt when it is deleted
 * @param status whether its files are complete
 * @param lastType type of the last resource in its files, {@code ""} for none
 * @param lastId its id
 */
public record Export(
    UUID id,
    String client,
    String request,
    List<String> types,
    Instant since,
    Instant transactionTime,
    Instant expiresAt,
    Status status,
    String lastType,
    String lastId) {

  /** Whether its files are complete. */
  public enum Status {
    PENDING,
    COMPLETE,
    FAILED
  }

  /**
   * What has been written to one of its files and synced.
   *
   * @param type of the resources; OperationOutcome for what could not be read
   * @param resources number of lines
   * @param bytes length of the file
   */
  public record File(String type, long resources, long bytes) {}
}
