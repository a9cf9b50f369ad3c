package org.m2ib.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An object on its way in over an association; valid while its handler runs. */
public final class IncomingObject {
  private final String sopClassUid;
  private final String sopInstanceUid;
  private final String callingAeTitle;
  private final String transferSyntaxUid;
  private final byte[] head;
  private final InputStream rest;
  private IOException broken;
  private boolean written;

  IncomingObject(
      String sopClassUid,
      String sopInstanceUid,
      String callingAeTitle,
      String transferSyntaxUid,
      byte[] head,
      InputStream rest) {
    this.sopClassUid = sopClassUid;
    this.sopInstanceUid = sopInstanceUid;
    this.callingAeTitle = callingAeTitle;
    this.transferSyntaxUid = transferSyntaxUid;
    this.head = head;
    this.rest = rest;
  }

  /** (0008,0016), the same in command and data set. */
  public String sopClassUid() {
    return sopClassUid;
  }

  /** (0008,0018), the same in command and data set. */
  public String sopInstanceUid() {
    return sopInstanceUid;
  }

  /** The sender's AE title. */
  public String callingAeTitle() {
    return callingAeTitle;
  }

  /** The transfer syntax that was negotiated for it. */
  public String transferSyntaxUid() {
    return transferSyntaxUid;
  }

  /**
   * Writes a Part 10 file (PS3.10 7.1): file meta information, then the data set as it arrives. To
   * be called once.
   *
   * @throws IOException when the sender breaks off, or the stream fails
   */
  public void writeTo(OutputStream out) throws IOException {
    if (written) {
      throw new IllegalStateException("the object has been read from the network already");
    }
    written = true;
    DataSetWriter.writeFileMeta(
        sopClassUid, sopInstanceUid, transferSyntaxUid, callingAeTitle, out);
    out.write(head);
    byte[] buffer = new byte[1 << 16];
    for (int n = next(buffer); n >= 0; n = next(buffer)) {
      out.write(buffer, 0, n);
    }
  }

  private int next(byte[] buffer) throws IOException {
    try {
      return rest.read(buffer);
    } catch (IOException e) {
      broken = e;
      throw e;
    }
  }

  /** What broke the network side, null when nothing did. */
  IOException broken() {
    return broken;
  }
}
