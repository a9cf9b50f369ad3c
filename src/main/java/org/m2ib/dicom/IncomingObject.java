package org.m2ib.dicom;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;

/**
 * A composite object that is being received, over an association or in a request. Valid only while
 * its handler runs.
 */
public final class IncomingObject {
  private final String sopClassUid;
  private final String sopInstanceUid;
  private final String callingAeTitle;
  private final String calledAeTitle;
  private final String transferSyntaxUid;
  private final InputStream dataSet;
  private IOException broken;
  private DicomObject header;
  private boolean written;

  IncomingObject(
      String sopClassUid,
      String sopInstanceUid,
      String callingAeTitle,
      String calledAeTitle,
      String transferSyntaxUid,
      InputStream dataSet) {
    this.sopClassUid = sopClassUid;
    this.sopInstanceUid = sopInstanceUid;
    this.callingAeTitle = callingAeTitle;
    this.calledAeTitle = calledAeTitle;
    this.transferSyntaxUid = transferSyntaxUid;
    this.dataSet = dataSet;
  }

  /**
   * Begins to receive a Part 10 file (PS3.10 7.1); its file meta information takes the place of the
   * command.
   *
   * @throws RefusedException with C000 if it does not begin as such a file
   * @throws IOException if the stream fails
   */
  public static IncomingObject ofFile(InputStream file) throws IOException {
    DicomObject meta = FileMeta.read(file);
    return new IncomingObject(
        meta.requiredString(Tags.MediaStorageSOPClassUID),
        meta.requiredString(Tags.MediaStorageSOPInstanceUID),
        null,
        null,
        meta.requiredString(Tags.TransferSyntaxUID),
        new BufferedInputStream(file, 1 << 16));
  }

  /**
   * Refuses what an association would not have negotiated.
   *
   * @param decodedClasses SOP classes accepted only in transfer syntaxes that can be decoded
   * @throws RefusedException with 0122 if the SOP class is none of storage, with C122 if an object
   *     in its transfer syntax is no complete file or not accepted
   */
  public void checkSupported(Set<String> decodedClasses) {
    if (!Uids.isStorageClass(sopClassUid)) {
      throw new RefusedException(
          RefusedException.SOP_CLASS_NOT_SUPPORTED, "the SOP class is none of storage");
    }
    if (!Uids.isStored(transferSyntaxUid)
        || decodedClasses.contains(sopClassUid) && !PixelReader.decodes(transferSyntaxUid)) {
      throw new RefusedException(
          RefusedException.TRANSFER_SYNTAX_NOT_SUPPORTED,
          "objects in " + TransferSyntaxes.name(transferSyntaxUid) + " are not accepted");
    }
  }

  /** Returns the SOP Class UID (0008,0016), which is the same in command and data set. */
  public String sopClassUid() {
    return sopClassUid;
  }

  /** Returns the SOP Instance UID (0008,0018), which is the same in command and data set. */
  public String sopInstanceUid() {
    return sopInstanceUid;
  }

  /** Returns the sender's AE title; null if it came in a request. */
  public String callingAeTitle() {
    return callingAeTitle;
  }

  /** Returns the AE title of ours that it was sent to; null without an association. */
  public String calledAeTitle() {
    return calledAeTitle;
  }

  /** Returns the negotiated transfer syntax. */
  public String transferSyntaxUid() {
    return transferSyntaxUid;
  }

  /**
   * Writes a Part 10 file (PS3.10 7.1): file meta information, then the data set as it arrives.
   * Parses the header on the way. Call it once.
   *
   * @throws RefusedException with C000 if the header cannot be read, with A900 if its SOP class or
   *     instance differs from the command's
   * @throws IOException if the sender drops the connection or the stream fails
   */
  public void writeTo(OutputStream out) throws IOException {
    if (written) {
      throw new IllegalStateException("the object has been read from the network already");
    }
    written = true;
    DataSetWriter.writeFileMeta(
        sopClassUid, sopInstanceUid, transferSyntaxUid, callingAeTitle, out);
    Copy copy = new Copy(out);
    header = parse(copy);
    check(Tags.SOPClassUID, sopClassUid);
    check(Tags.SOPInstanceUID, sopInstanceUid);
    byte[] buffer = new byte[1 << 16];
    while (copy.read(buffer, 0, buffer.length) >= 0) {
      // reading writes the copy
    }
  }

  private DicomObject parse(Copy copy) throws IOException {
    try {
      return new DataSetReader(header -> false)
          .read(new BufferedInputStream(copy, 1 << 16), transferSyntaxUid);
    } catch (DicomException e) {
      copy.rethrow(); // a failed stream looks like a truncated object
      throw new RefusedException(RefusedException.CANNOT_UNDERSTAND, e.getMessage());
    }
  }

  private void check(int tag, String command) {
    if (command == null || !command.equals(header.string(tag))) {
      throw new RefusedException(
          RefusedException.DATA_SET_DOES_NOT_MATCH,
          Elements.name(tag) + " differs from the command's");
    }
  }

  /**
   * Returns the elements before the pixel data.
   *
   * @throws IllegalStateException if {@link #writeTo} has not been called
   */
  public DicomObject header() {
    if (header == null) {
      throw new IllegalStateException("the object has not been read from the network yet");
    }
    return header;
  }

  /** Returns the error that broke the connection, or null. */
  IOException broken() {
    return broken;
  }

  /** The data set. Every byte that is read is written at once. */
  private final class Copy extends InputStream {
    private final OutputStream out;
    private IOException failed;
    private RuntimeException refused;

    private Copy(OutputStream out) {
      this.out = out;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n;
      try {
        n = dataSet.read(bytes, offset, length);
      } catch (IOException e) {
        broken = e;
        failed = e;
        throw e;
      }
      try {
        out.write(bytes, offset, Math.max(0, n));
      } catch (IOException e) {
        failed = e;
        throw e;
      } catch (RuntimeException e) {
        refused = e;
        throw e;
      }
      return n;
    }

    void rethrow() throws IOException {
      if (failed != null) {
        throw failed;
      }
      if (refused != null) {
        throw refused;
      }
    }
  }
}
