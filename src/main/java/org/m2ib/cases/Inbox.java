package org.m2ib.cases;

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
}
