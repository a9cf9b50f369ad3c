package org.m2ib.dicom;

import java.nio.file.Path;

/**
 * What became of one file that was sent.
 *
 * @param file which one
 * @param status the status of its C-STORE response (PS3.4 B.2.3), -1 when it was not sent
 * @param comment what the receiver said of it, or why it was not sent; {@code ""} when there is
 *     nothing to say
 */
public record StoreOutcome(Path file, int status, String comment) {
  private static final int DUPLICATE_SOP_INSTANCE = 0x0111;

  static StoreOutcome notSent(Path file, String why) {
    return new StoreOutcome(file, -1, why);
  }

  /**
   * Whether the receiver has it: success, a warning (Bxxx), or an instance that it had already
   * (0111, PS3.7 C.5.6). Captures have an identifier for each content, so that it is the same.
   */
  public boolean stored() {
    return status == 0 || status == DUPLICATE_SOP_INSTANCE || (status & 0xF000) == 0xB000;
  }
}
