package org.m2ib.cases;

import java.util.Optional;

/**
 * Where intake puts what it received. A return without exception means: the row is committed and
 * durable, the sender may be told success. The bytes ({@link Blobs}) are durable before the call.
 */
public interface Inbox {

  /**
   * @throws StorageUnavailableException when the database cannot take it now; nothing was kept, the
   *     sender must retry
   * @throws UnstorableException when it can never be taken, and which field is why
   */
  void receive(ReceivedInstance instance);

  /**
   * @throws StorageUnavailableException when the database cannot take it now; nothing was kept, the
   *     sender must retry
   * @throws UnstorableException when it can never be taken, and which field is why
   */
  void receive(ReceivedReport report);

  /**
   * The text that a report had when it came last, for a message that changes its status alone.
   *
   * @param reportId its identifier
   * @param study its study; another one's report may have the same identifier
   * @throws StorageUnavailableException when the database cannot tell now
   */
  Optional<String> textBefore(String reportId, StudyKey study);
}
