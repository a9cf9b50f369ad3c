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
  static StoreOutcome notSent(Path file, String why) {
    return new StoreOutcome(file, -1, why);
  }

  /** Whether the receiver has it: success, or a warning (Bxxx). */
  public boolean stored() {
    return status == 0 || (status & 0xF000) == 0xB000;
  }
}
