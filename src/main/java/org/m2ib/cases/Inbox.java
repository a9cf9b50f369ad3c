package org.m2ib.cases;

import java.util.List;
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
   * All of one message or none.
   *
   * @throws StorageUnavailableException if the database cannot take it now; nothing was stored, the
   *     sender must retry
   * @throws UnstorableException if one can never be stored: a merge that would close a circle
   */
  void receive(List<PatientChange> changes);

  /**
   * All of one message or none.
   *
   * @throws StorageUnavailableException if the database cannot take it now; nothing was stored, the
   *     sender must retry
   * @throws UnstorableException if one can never be stored, naming the field
   */
  void receiveOrders(List<ReceivedOrder> orders);

  /**
   * The latest report that came as a document with this number (HL7 TXA-12).
   *
   * @throws StorageUnavailableException if the database does not respond now
   */
  Optional<ReceivedReport> document(String number);

  /**
   * Whether anything was received of a patient, whatever the issuer.
   *
   * @throws StorageUnavailableException if the database does not respond now
   */
  boolean knows(PatientId patient);

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
