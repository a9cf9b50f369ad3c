package org.m2ib.dicom;

/** Reads the markers and segments of a JPEG stream (ITU-T T.81 B.1.1) in order. */
class JpegStream {
  static final int SOI = 0xD8;
  static final int EOI = 0xD9;
  static final int SOS = 0xDA;
  static final int DHT = 0xC4;
  static final int DRI = 0xDD;
  private static final int SOF_LS = 0xF7;
  private static final int RST0 = 0xD0;

  final byte[] jpeg;

  /** Offset of the next byte to read. */
  int at;

  /** The last marker read, without its FF. */
  int marker;

  /** Start and end of the parameters of the last segment read. */
  int body;

  int end;

  JpegStream(byte[] jpeg, int at) {
    this.jpeg = jpeg;
    this.at = at;
  }

  /** Reads a marker after any fill bytes. Returns false at anything else, including the end. */
  boolean marker() {
    while (at + 1 < jpeg.length && unsigned(at) == 0xFF && unsigned(at + 1) == 0xFF) {
      at++;
    }
    if (at + 1 >= jpeg.length || unsigned(at) != 0xFF) {
      return false;
    }
    marker = unsigned(at + 1);
    at += 2;
    return true;
  }

  /**
   * The same, after skipping coded data and the restart markers in it.
   *
   * @param codedAfterFf the first byte above those that can follow FF in coded data: 1 in JPEG,
   *     0x80 in JPEG-LS (ITU-T T.87 A.1)
   */
  boolean markerBehindData(int codedAfterFf) {
    while (at + 1 < jpeg.length) {
      int next = unsigned(at + 1);
      boolean coded = next < codedAfterFf || next >= RST0 && next < SOI;
      if (unsigned(at) == 0xFF && !coded) {
        return marker();
      }
      at++;
    }
    return false;
  }

  /** Reads the segment of a marker. Returns false if it is truncated. */
  boolean segment() {
    if (at + 2 > jpeg.length || word(at) < 2 || at + word(at) > jpeg.length) {
      return false;
    }
    body = at + 2;
    end = at + word(at);
    at = end;
    return true;
  }

  /** Returns the length of the parameters in bytes. */
  int length() {
    return end - body;
  }

  /** Returns whether the marker is SOFn (B.1.1.3; of JPEG-LS T.87 C.1.1). */
  boolean isStartOfFrame() {
    return marker == SOF_LS
        || marker >= 0xC0 && marker <= 0xCF && marker != DHT && marker != 0xC8 && marker != 0xCC;
  }

  int unsigned(int index) {
    return jpeg[index] & 0xFF;
  }

  int word(int index) {
    return unsigned(index) << 8 | unsigned(index + 1);
  }

  static DicomException damaged(String how, Object... values) {
    return new DicomException("the JPEG stream " + how.formatted(values), Tags.PixelData, null);
  }
}
