package org.m2ib.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aoju.bus.image.galaxy.data.ElementDictionary;
import org.aoju.bus.image.galaxy.data.VR;
import org.aoju.bus.image.galaxy.io.ImageInputStream;

/**
 * Reads data elements as the library does, but tolerates two common defects: an invalid VR, such as
 * two blanks, and trailing zero bytes that are fewer than an element's header.
 */
final class TolerantInput extends ImageInputStream {
  private static final int HEADER = 8;
  private static final int ITEMS = 0xFFFE;

  private boolean inHeader;

  TolerantInput(InputStream in) throws IOException {
    super(in);
  }

  TolerantInput(InputStream in, String transferSyntaxUid) throws IOException {
    super(in, transferSyntaxUid);
  }

  /** Thrown when only zero bytes are left. */
  static final class OnlyZeros extends IOException {}

  @Override
  public void readHeader() throws IOException {
    inHeader = true;
    try {
      super.readHeader();
    } finally {
      inHeader = false;
    }
  }

  @Override
  public void readFully(byte[] bytes, int offset, int length) throws IOException {
    if (!inHeader || length != HEADER) {
      super.readFully(bytes, offset, length);
      return;
    }
    int there = 0;
    while (there < HEADER) {
      int more = read(bytes, offset + there, HEADER - there);
      if (more < 0) {
        throw ended(bytes, offset, there);
      }
      there += more;
    }
    if (explicitVR()) {
      correctVr(bytes, offset);
    }
  }

  private IOException ended(byte[] bytes, int offset, int there) {
    for (int i = 0; i < there; i++) {
      if (bytes[offset + i] != 0) {
        return new EOFException();
      }
    }
    return there == 0 || level() > 0 ? new EOFException() : new OnlyZeros();
  }

  /**
   * Handles a printable VR other than two capitals, which PS3.5 7.1.2 reserves for future VRs with
   * a 4-byte length. As other readers do, we treat it as an older VR with a 2-byte length.
   */
  private void correctVr(byte[] bytes, int offset) {
    ByteBuffer header = ByteBuffer.wrap(bytes, offset, HEADER);
    header.order(bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int group = header.getShort() & 0xFFFF;
    int element = header.getShort() & 0xFFFF;
    int first = header.get();
    int second = header.get();
    boolean printable = first >= ' ' && second >= ' ';
    if (group == ITEMS || !printable || isCapital(first) && isCapital(second)) {
      return;
    }
    VR known = ElementDictionary.vrOf(group << 16 | element, null);
    VR vr = known == null || known.headerLength() != HEADER ? VR.LO : known;
    bytes[offset + 4] = (byte) (vr.code() >> 8);
    bytes[offset + 5] = (byte) vr.code();
  }

  private static boolean isCapital(int character) {
    return character >= 'A' && character <= 'Z';
  }
}
