package org.m2ib.dicom;

import java.nio.file.Path;

/**
 * The outcome of sending one file.
 *
 * @param file the file
 * @param status the status of its C-STORE response (PS3.4 B.2.3), -1 if it was not sent
 * @param comment the receiver's comment, or why it was not sent; {@code ""} for none
 */
public record StoreOutcome(Path file, int status, String comment) {
  private static final int DUPLICATE_SOP_INSTANCE = 0x0111;

  static StoreOutcome notSent(Path file, String why) {
    return new StoreOutcome(file, -1, why);
  }

  /**
   * Whether the receiver has it: success, a warning (Bxxx), or an instance that it already had
   * (0111, PS3.7 C.5.6). A capture's identifier depends on its content, so it is the same object.
   */
  public boolean stored() {
    return status == 0 || status == DUPLICATE_SOP_INSTANCE || (status & 0xF000) == 0xB000;
  }
}
