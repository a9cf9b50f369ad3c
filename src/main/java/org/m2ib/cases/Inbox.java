package org.m2ib.cases;

import java.util.Optional;

/**
 * Receives what intake accepts. Returning without an exception means that the row is committed and
 * durable and that the sender may be told success. The bytes ({@link Blobs}) are durable before the
 * call.
 */
public interface Inbox {

  /**
   * @throws StorageUnavailableException if the database cannot take it now; nothing was stored, the
   *     sender must retry
   * @throws UnstorableException if it can never be stored, naming the field
   */
  void receive(ReceivedInstance instance);

  /**
   * @throws StorageUnavailableException if the database cannot take it now; nothing was stored, the
   *     sender must retry
   * @throws UnstorableException if it can never be stored, naming the field
   */
  void receive(ReceivedReport report);

  /**
   * The latest text of a report, for a message that only changes its status.
   *
   * @param reportId its identifier
   * @param study its study; a report of another study may have the same identifier
   * @throws StorageUnavailableException if the database does not respond now
   */
  Optional<String> textBefore(String reportId, StudyKey study);

  /**
   * Stores a DICOM document as a report. It gets the identifier of an earlier document of its study
   * that it replaces, is replaced by, or repeats word for word; so it becomes a version of the same
   * report.
   *
   * @throws StorageUnavailableException if the database cannot take it now; nothing was stored, the
   *     sender must retry
   * @throws UnstorableException if it can never be stored, naming the field
   */
  void receiveDocument(ReceivedReport report);
}
