package org.m2ib.dicom;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the preamble and the file meta information of a Part 10 file, and not a byte more. */
final class FileMeta {
  private static final int PREAMBLE = 128;

  /** Tag, VR, length and value of (0002,0000) FileMetaInformationGroupLength. */
  private static final int GROUP_LENGTH = 12;

  private static final int MOST = 1 << 16;

  private FileMeta() {}

  /**
   * @throws RefusedException with C000 if the stream does not begin with them
   */
  static DicomObject read(InputStream file) throws IOException {
    byte[] head = file.readNBytes(PREAMBLE + 4 + GROUP_LENGTH);
    boolean dicom =
        head.length == PREAMBLE + 4 + GROUP_LENGTH
            && head[PREAMBLE] == 'D'
            && head[PREAMBLE + 1] == 'I'
            && head[PREAMBLE + 2] == 'C'
            && head[PREAMBLE + 3] == 'M'
            && word(head, PREAMBLE + 4) == 2
            && word(head, PREAMBLE + 6) == 0
            && head[PREAMBLE + 8] == 'U'
            && head[PREAMBLE + 9] == 'L';
    long length =
        dicom ? word(head, PREAMBLE + 12) | (long) word(head, PREAMBLE + 14) << 16 : Long.MAX_VALUE;
    if (length > MOST) {
      throw refused("no DICOM file with file meta information (PS3.10 7.1)");
    }
    byte[] meta = file.readNBytes((int) length);
    if (meta.length < length) {
      throw refused("the file ends in its file meta information");
    }
    try {
      DicomObject object =
          new DataSetReader(header -> false)
              .read(new ByteArrayInputStream(meta), Uids.EXPLICIT_VR_LITTLE_ENDIAN);
      object.requiredString(Tags.MediaStorageSOPClassUID);
      object.requiredString(Tags.MediaStorageSOPInstanceUID);
      object.requiredString(Tags.TransferSyntaxUID);
      return object;
    } catch (DicomException e) {
      throw refused("the file meta information: " + e.getMessage());
    }
  }

  private static RefusedException refused(String why) {
    return new RefusedException(RefusedException.CANNOT_UNDERSTAND, why);
  }

  private static int word(byte[] bytes, int at) {
    return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
  }
}
