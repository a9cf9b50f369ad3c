package org.m2ib.dicom;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A reference to a SOP instance (PS3.3 Table 10-11).
 *
 * @param sopClassUid (0008,1150)
 * @param sopInstanceUid (0008,1155)
 */
public record SopReference(String sopClassUid, String sopInstanceUid) {
  public SopReference {
    if (sopClassUid == null || sopInstanceUid == null) {
      throw new IllegalArgumentException("a reference without SOP class or instance");
    }
  }

  /**
   * Reads the file meta information of a Part 10 file.
   *
   * @throws IOException if it cannot be read
   */
  public static SopReference of(Path file) throws IOException {
    OutgoingFile outgoing = OutgoingFile.open(file);
    if (outgoing.failure() != null) {
      throw new IOException(outgoing.failure());
    }
    return new SopReference(outgoing.sopClassUid(), outgoing.sopInstanceUid());
  }

  static SopReference read(DicomObject item) {
    return new SopReference(
        item.requiredString(Tags.ReferencedSOPClassUID),
        item.requiredString(Tags.ReferencedSOPInstanceUID));
  }

  DicomObject write(DicomObject object, int sequence) {
    return object
        .addItem(sequence)
        .set(Tags.ReferencedSOPClassUID, sopClassUid)
        .set(Tags.ReferencedSOPInstanceUID, sopInstanceUid);
  }
}
