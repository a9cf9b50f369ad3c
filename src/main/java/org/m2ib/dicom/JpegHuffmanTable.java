package org.m2ib.dicom;

import java.util.Arrays;

/** A Huffman table of JPEG (ITU-T T.81 Annex C), indexed by the next 16 bits. */
final class JpegHuffmanTable {
  private final short[] entries = new short[1 << 16];

  private JpegHuffmanTable() {}

  /**
   * @param from start of the counts of codes of 1 to 16 bits; their values follow
   */
  static JpegHuffmanTable read(byte[] jpeg, int from, int end) {
    JpegHuffmanTable table = new JpegHuffmanTable();
    int value = from + 16;
    int code = 0;
    for (int length = 1; length <= 16; length++) {
      for (int i = 0; i < (jpeg[from + length - 1] & 0xFF); i++) {
        int span = 1 << 16 - length;
        if (value >= end || code + span > 1 << 16) {
          throw JpegStream.damaged("has a Huffman table that cannot be");
        }
        short entry = (short) (length << 8 | jpeg[value++] & 0xFF);
        Arrays.fill(table.entries, code, code + span, entry);
        code += span;
      }
    }
    return table;
  }

  /** Length of the code, times 256, plus its value; 0 for no code. */
  int entry(int next16Bits) {
    return entries[next16Bits];
  }
}
