package org.m2ib.dicom;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Walks through a JPEG or JPEG-LS stream and checks that it is complete (ITU-T T.81 B.2, G.1; T.87
 * C.2): a decoder silently draws a progressive stream that lacks its last scans, or those of a
 * colour.
 */
final class JpegCompleteness extends JpegStream {
  private static final int BLOCK = 64;
  private static final int ABSENT = 16; // above any point transform

  private final boolean progressive;
  private final int codedAfterFf;

  /** The missing bits of each coefficient, by component identifier. */
  private final Map<Integer, int[]> missing = new HashMap<>();

  private JpegCompleteness(byte[] jpeg, JpegHeader header) {
    super(jpeg, header.end());
    this.progressive = header.process() == JpegHeader.PROGRESSIVE;
    this.codedAfterFf = header.process() == JpegHeader.LS ? 0x80 : 1;
  }

  /**
   * @throws DicomException if scans, components, bits or EOI are missing, or another stream follows
   */
  static void check(byte[] jpeg, JpegHeader header) {
    JpegCompleteness scans = new JpegCompleteness(jpeg, header);
    int end = scans.walk();
    int there = scans.missing.size();
    boolean whole =
        scans.missing.values().stream().allMatch(bits -> Arrays.stream(bits).allMatch(b -> b == 0));
    if (there < header.components() || !whole) {
      throw damaged("lacks scans: components or their last bits are missing");
    }
    for (int at = end; at + 2 < jpeg.length; at++) {
      if (scans.unsigned(at) == 0xFF && scans.unsigned(at + 1) == SOI && jpeg[at + 2] == -1) {
        throw damaged("is followed by another: there are more frames than told");
      }
    }
  }

  /** Returns the end of the stream. */
  private int walk() {
    while (markerBehindData(codedAfterFf)) {
      if (marker == EOI) {
        return at;
      }
      if (!segment()) {
        break;
      }
      if (marker == SOS) {
        scan();
      }
    }
    throw damaged("ends without EOI after %d bytes", jpeg.length);
  }

  private void scan() {
    int count = length() < 1 ? 0 : unsigned(body);
    if (length() < 4 + 2 * count) {
      throw damaged("has a start of scan that is too short");
    }
    int first = progressive ? unsigned(body + 1 + 2 * count) : 0;
    int last = progressive ? unsigned(body + 2 + 2 * count) : BLOCK - 1;
    int low = progressive ? unsigned(body + 3 + 2 * count) & 15 : 0;
    for (int i = 0; i < count; i++) {
      int[] bits = missing.computeIfAbsent(unsigned(body + 1 + 2 * i), id -> absent());
      for (int k = first; k <= Math.min(last, BLOCK - 1); k++) {
        bits[k] = low;
      }
    }
  }

  private static int[] absent() {
    int[] bits = new int[BLOCK];
    Arrays.fill(bits, ABSENT);
    return bits;
  }
}
