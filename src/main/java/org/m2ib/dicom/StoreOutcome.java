package org.m2ib.dicom;

import java.nio.file.Path;

/**
 * The result of sending one file.
 *
 * @param file the file
 * @param status status of the C-STORE response (PS3.4 B.2.3), -1 if the file was not sent
 * @param comment the receiver's comment, or why the file was not sent; {@code ""} if there is none
 */
public record StoreOutcome(Path file, int status, String comment) {
  private static final int DUPLICATE_SOP_INSTANCE = 0x0111;

  static StoreOutcome notSent(Path file, String why) {
    return new StoreOutcome(file, -1, why);
  }

  /**
   * Returns whether the receiver has the object: success, a warning (Bxxx), or duplicate SOP
   * instance (0111, PS3.7 C.5.6). A capture's UID depends on its content, so a duplicate is the
   * same object.
   */
  public boolean stored() {
    return status == 0 || status == DUPLICATE_SOP_INSTANCE || (status & 0xF000) == 0xB000;
  }
}
