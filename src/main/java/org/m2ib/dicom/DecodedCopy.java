package org.m2ib.dicom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aoju.bus.image.metric.DimseRSP;
import org.jboss.logging.Logger;

/** Sends a file decoded, to a receiver that does not take its stored transfer syntax. */
final class DecodedCopy {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);

  private DecodedCopy() {}

  /** Begins C-STORE of a file. */
  interface Sender {
    DimseRSP send(OutgoingFile file) throws IOException, InterruptedException;
  }

  /**
   * Decodes a file into a temporary one, sends that and waits for the answer.
   *
   * @return the outcome, not sent if it cannot be decoded
   */
  static StoreOutcome send(OutgoingFile file, Sender sender)
      throws IOException, InterruptedException {
    Path decoded = Files.createTempFile("m2ib-decoded", ".dcm");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(decoded))) {
        Uncompressed.write(DicomObject.read(file.path()), out);
      } catch (DicomException e) {
        LOG.warnf(
            "DICOM: an object in %s cannot be decoded for a receiver that takes no such: %s",
            file.transferSyntaxUid(), e.getMessage());
        return StoreOutcome.notSent(
            file.path(), "not decodable from transfer syntax " + file.transferSyntaxUid());
      }
      OutgoingFile copy = OutgoingFile.open(decoded);
      StoreOutcome sent = StoreScu.outcome(copy, sender.send(copy));
      return new StoreOutcome(file.path(), sent.status(), sent.comment());
    } finally {
      Files.delete(decoded);
    }
  }
}
