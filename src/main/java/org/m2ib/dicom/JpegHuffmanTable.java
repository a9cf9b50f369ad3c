package org.m2ib.dicom;

import java.util.Arrays;

/** A JPEG Huffman table (ITU-T T.81 Annex C), indexed by the next 16 bits. */
final class JpegHuffmanTable {
  private final short[] entries = new short[1 << 16];

  private JpegHuffmanTable() {}

  /**
   * @param from offset of the counts of the codes of 1 to 16 bits, which their values follow
   */
  static JpegHuffmanTable read(byte[] jpeg, int from, int end) {
    JpegHuffmanTable table = new JpegHuffmanTable();
    int value = from + 16;
    int code = 0;
    for (int length = 1; length <= 16; length++) {
      for (int i = 0; i < (jpeg[from + length - 1] & 0xFF); i++) {
        int span = 1 << 16 - length;
        if (value >= end || code + span > 1 << 16) {
          throw JpegStream.damaged("has an invalid Huffman table");
        }
        short entry = (short) (length << 8 | jpeg[value++] & 0xFF);
        Arrays.fill(table.entries, code, code + span, entry);
        code += span;
      }
    }
    return table;
  }

  /** Returns the code length times 256 plus the value, or 0 if there is no such code. */
  int entry(int next16Bits) {
    return entries[next16Bits];
  }
}
