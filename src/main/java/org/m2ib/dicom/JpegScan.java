package org.m2ib.dicom;

/**
 * One scan of a Huffman coded lossless JPEG stream (ITU-T T.81 B.2): its parameters, current
 * tables, and entropy-coded bits. Missing bits, markers or end are an error and are never filled
 * in.
 */
final class JpegScan extends JpegStream {
  private int[] frame = {}; // identifiers of its components
  private final JpegHuffmanTable[] tables = new JpegHuffmanTable[4];
  private int restartInterval;
  private int[] components;
  private int[] selectors;
  private int start;
  private int low;
  private long bits;
  private int available;
  private int padding;

  private JpegScan(byte[] jpeg) {
    super(jpeg, 2);
  }

  static JpegScan first(byte[] jpeg) {
    return new JpegScan(jpeg).next();
  }

  /** Advances to the next start of scan. */
  JpegScan next() {
    while (true) {
      requireMarker();
      if (marker == EOI || !segment()) {
        throw damaged("ends before all components were found");
      }
      switch (marker) {
        case DHT -> huffmanTables();
        case DRI -> restartInterval = word(body);
        case SOS -> {
          begin();
          return this;
        }
        default -> {
          if (isStartOfFrame()) {
            frame();
          }
        }
      }
    }
  }

  private void frame() {
    frame = new int[unsigned(body + 5)];
    for (int c = 0; c < frame.length; c++) {
      frame[c] = unsigned(body + 6 + 3 * c);
      if (unsigned(body + 7 + 3 * c) != unsigned(body + 7)) {
        throw new UnsupportedPixelsException("lossless JPEG with subsampled colours is not read");
      }
    }
  }

  private void begin() {
    int count = unsigned(body);
    components = new int[count];
    selectors = new int[count];
    for (int i = 0; i < count; i++) {
      components[i] = component(unsigned(body + 1 + 2 * i));
      selectors[i] = unsigned(body + 2 + 2 * i);
    }
    start = unsigned(body + 1 + 2 * count);
    low = unsigned(body + 3 + 2 * count) & 15;
    forgetBits();
  }

  private int component(int id) {
    for (int c = 0; c < frame.length; c++) {
      if (frame[c] == id) {
        return c;
      }
    }
    throw damaged("has a scan of component %d, which its frame lacks", id);
  }

  /** Returns the scan's components as indices into the frame's components. */
  int[] components() {
    return components;
  }

  /** Returns Ss: the first coefficient, or the predictor of a lossless scan. */
  int start() {
    return start;
  }

  /** Returns Al: the point transform. */
  int low() {
    return low;
  }

  private void huffmanTables() {
    int from = body;
    while (from + 17 <= end) {
      int id = unsigned(from);
      tables[id & 3] = JpegHuffmanTable.read(jpeg, from + 1, end);
      from += 17;
      for (int i = 0; i < 16; i++) {
        from += unsigned(from - 16 + i);
      }
    }
  }

  /**
   * Must be called before each unit (MCU).
   *
   * @return whether a restart marker was passed, after which prediction starts afresh
   */
  boolean restarts(int unit) {
    if (restartInterval == 0 || unit == 0 || unit % restartInterval != 0) {
      return false;
    }
    closeSegment();
    if (marker != 0xD0 + (unit / restartInterval - 1) % 8) {
      throw damaged("lacks a restart marker after unit %d", unit);
    }
    return true;
  }

  /** Must be called after the last unit, before {@link #next}. */
  void end() {
    closeSegment();
    at -= 2;
  }

  /** Ends a segment: less than one byte may remain between the last coded bit and the marker. */
  private void closeSegment() {
    if (available - padding >= 8) {
      throw damaged("has more coded data than samples");
    }
    forgetBits();
    requireMarker();
  }

  private void requireMarker() {
    if (at + 1 >= jpeg.length) {
      throw damaged("ends without EOI");
    }
    if (!marker()) {
      throw damaged("has no marker where one is required, at %d of %d", at, jpeg.length);
    }
  }

  private void forgetBits() {
    bits = 0;
    available = 0;
    padding = 0;
  }

  /** Reads a lossless difference (H.2). */
  int difference(int scanComponent) {
    int size = symbol(selectors[scanComponent] >> 4 & 3);
    return size == 16 ? 1 << 15 : extended(size);
  }

  /** Performs RECEIVE and EXTEND of F.2.2.1. */
  private int extended(int size) {
    if (size == 0) {
      return 0;
    }
    int value = take(size);
    return value < 1 << size - 1 ? value - (1 << size) + 1 : value;
  }

  private int symbol(int table) {
    if (tables[table] == null) {
      throw damaged("lacks a Huffman table");
    }
    fill(16);
    int entry = tables[table].entry((int) (bits >>> available - 16) & 0xFFFF);
    if (entry == 0) {
      throw damaged("has a code that is not in its table");
    }
    take(entry >> 8);
    return entry & 0xFF;
  }

  private int take(int count) {
    fill(count);
    available -= count;
    if (available < padding) {
      throw damaged("ends early: coded data is missing after byte %d of %d", at, jpeg.length);
    }
    return (int) (bits >>> available) & (1 << count) - 1;
  }

  private void fill(int count) {
    while (available < count) {
      int next = 0;
      boolean coded = at < jpeg.length && unsigned(at) != 0xFF;
      boolean stuffed = !coded && at + 1 < jpeg.length && unsigned(at + 1) == 0;
      if (coded || stuffed) {
        next = unsigned(at);
        at += stuffed ? 2 : 1;
      } else {
        padding += 8;
      }
      bits = bits << 8 | next;
      available += 8;
    }
  }
}
