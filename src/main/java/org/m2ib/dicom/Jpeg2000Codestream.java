package org.m2ib.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prepares a JPEG 2000 codestream (ISO/IEC 15444-1 Annex A) for a decoder that stops after the
 * number of tile-parts given in the first of them. TNsot may be 0, "not defined here", and the last
 * Psot may be 0, "up to the end" (A.4.2); both are replaced by the actual values. An incomplete
 * codestream is refused, because decoders silently draw what they have.
 */
final class Jpeg2000Codestream {
  private static final int SOC = 0xFF4F;
  private static final int CAP = 0xFF50;
  private static final int SIZ = 0xFF51;
  private static final int COD = 0xFF52;
  private static final int COC = 0xFF53;
  private static final int TLM = 0xFF55;
  private static final int PLT = 0xFF58;
  private static final int PPM = 0xFF60;
  private static final int SOT = 0xFF90;
  private static final int SOD = 0xFF93;
  private static final int EOC = 0xFFD9;
  private static final int BYPASS_AND_TERMINATION = 5;
  private static final int SOT_LENGTH = 12;
  private static final long JP2_SIGNATURE = 0x0000000C6A502020L;
  private static final int JP2C = 0x6A703263;
  private static final int MOST_TILES = 65_535;

  private static final int SIGNED = 0x80;

  private final byte[] bytes;
  private int tiles;
  private int size; // offset of SIZ
  private boolean highThroughput;

  private Jpeg2000Codestream(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the bare codestream with one tile-part per tile.
   *
   * @param stream a codestream, or a JP2 file around one, as some writers wrongly put into DICOM;
   *     not modified
   * @throws DicomException if tiles, tile-parts or their ends are missing
   * @throws UnsupportedPixelsException for features outside Part 1
   */
  static byte[] complete(byte[] stream) {
    Jpeg2000Codestream codestream = of(stream);
    int first = codestream.mainHeader();
    List<List<Part>> parts = codestream.tileParts(first);
    return codestream.joined(first, parts);
  }

  /**
   * A checked codestream.
   *
   * @param unsigned the bare codestream, of which each component is declared unsigned: its samples
   *     are those of the stream plus half their range if they are signed (G.1)
   * @param precision bits per sample
   */
  record Whole(
      byte[] unsigned, int rows, int columns, int components, int precision, boolean signed) {}

  /** Returns whether a codestream has the code-blocks of ISO/IEC 15444-15. */
  static boolean isHighThroughput(byte[] stream) {
    Jpeg2000Codestream codestream = of(stream);
    codestream.mainHeader();
    return codestream.highThroughput;
  }

  /**
   * As {@link #complete}, but leaves the tile-parts as they are.
   *
   * @throws UnsupportedPixelsException also if components differ in precision or sign
   */
  static Whole whole(byte[] stream) {
    Jpeg2000Codestream codestream = of(stream);
    codestream.tileParts(codestream.mainHeader());
    byte[] unsigned = codestream.bytes.clone();
    int size = codestream.size;
    int components = codestream.word(size + 38);
    int depth = unsigned[size + 40];
    for (int component = 0; component < components; component++) {
      int at = size + 40 + 3 * component;
      if (unsigned[at] != (byte) depth) {
        throw new UnsupportedPixelsException(
            "JPEG 2000 with components of different precision is not supported");
      }
      unsigned[at] &= ~SIGNED;
    }
    return new Whole(
        unsigned,
        codestream.number(size + 10),
        codestream.number(size + 6),
        components,
        (depth & ~SIGNED & 0xFF) + 1,
        (depth & SIGNED) != 0);
  }

  /** Returns the bits per sample of the first component. */
  static int precision(byte[] stream) {
    Jpeg2000Codestream codestream = of(stream);
    codestream.mainHeader();
    return (codestream.bytes[codestream.size + 40] & ~SIGNED & 0xFF) + 1;
  }

  private static Jpeg2000Codestream of(byte[] stream) {
    return new Jpeg2000Codestream(new Jpeg2000Codestream(stream).unwrapped());
  }

  private byte[] unwrapped() {
    if (bytes.length < 12 || ((long) number(0) << 32 | number(4) & 0xFFFFFFFFL) != JP2_SIGNATURE) {
      return bytes;
    }
    int at = 0;
    while (at + 8 <= bytes.length) {
      long length = number(at) & 0xFFFFFFFFL;
      if (number(at + 4) == JP2C) {
        long end = length == 0 ? bytes.length : at + length;
        return Arrays.copyOfRange(bytes, at + 8, (int) Math.min(end, bytes.length));
      }
      if (length < 8 || at + length > bytes.length) {
        break;
      }
      at += (int) length;
    }
    throw damaged("has no codestream in its JP2 file");
  }

  /** Returns the offset of the first tile-part. */
  private int mainHeader() {
    if (bytes.length < 4 || word(0) != SOC) {
      throw damaged("does not begin with SOC");
    }
    int at = 2;
    while (at + 4 <= bytes.length && word(at) != SOT) {
      int marker = word(at);
      highThroughput |= marker == CAP;
      if (marker == PPM) {
        throw new UnsupportedPixelsException(
            "JPEG 2000 with packed packet headers is not supported");
      }
      if (marker >> 8 != 0xFF) {
        throw damaged("has bytes in its main header that are not a marker");
      }
      if (marker == SIZ) {
        size = at;
        size(at);
      }
      checkStyle(at);
      at += 2 + word(at + 2);
    }
    if (at + 4 > bytes.length || tiles == 0) {
      throw damaged("ends in its main header");
    }
    return at;
  }

  /** Reads the SIZ marker segment (A.5.1). */
  private void size(int at) {
    if (at + 40 > bytes.length || at + 40 + 3 * word(at + 38) > bytes.length) {
      throw damaged("ends in its main header");
    }
    long across = tilesAlong(number(at + 6), number(at + 22), number(at + 30));
    long down = tilesAlong(number(at + 10), number(at + 26), number(at + 34));
    if (across < 1 || down < 1 || across > MOST_TILES || across * down > MOST_TILES) {
      throw damaged("has an invalid image or tile size");
    }
    tiles = (int) (across * down);
    if (number(at + 14) != 0 || number(at + 18) != 0) {
      throw new UnsupportedPixelsException("JPEG 2000 with an image offset is not supported");
    }
    for (int component = 0; component < word(at + 38); component++) {
      int separation = word(at + 40 + 3 * component + 1);
      if (separation != 0x0101) {
        throw new UnsupportedPixelsException(
            "JPEG 2000 with subsampled components is not supported");
      }
    }
  }

  /**
   * Rejects code-block styles (Table A.19) in COD and COC that the decoder would decode to wrong
   * values.
   */
  private void checkStyle(int at) {
    int style = word(at) == COD ? at + 12 : word(at) == COC ? at + 9 : bytes.length;
    if (style < bytes.length && (bytes[style] & BYPASS_AND_TERMINATION) == BYPASS_AND_TERMINATION) {
      throw new UnsupportedPixelsException(
          "JPEG 2000 with arithmetic coding bypass and termination on each pass is not supported");
    }
  }

  private static long tilesAlong(int imageEnd, int tileSize, int tileOffset) {
    long size = tileSize & 0xFFFFFFFFL;
    long extent = (imageEnd & 0xFFFFFFFFL) - (tileOffset & 0xFFFFFFFFL);
    return size == 0 ? 0 : (extent + size - 1) / size;
  }

  /** Checks the tile-parts and returns those of each tile in order. */
  private List<List<Part>> tileParts(int first) {
    List<List<Part>> parts =
        Stream.generate(() -> (List<Part>) new ArrayList<Part>()).limit(tiles).toList();
    int[] told = new int[tiles];
    int at = first;
    while (at + 2 <= bytes.length && word(at) == SOT) {
      if (at + SOT_LENGTH > bytes.length) {
        throw damaged("ends in the header of a tile-part");
      }
      int tile = word(at + 4);
      int part = bytes[at + 10] & 0xFF;
      if (tile >= tiles || part != parts.get(tile).size()) {
        throw damaged("has tile-part %d of tile %d in an invalid position".formatted(part, tile));
      }
      told[tile] = Math.max(told[tile], bytes[at + 11] & 0xFF);
      long length = number(at + 6) & 0xFFFFFFFFL;
      if (length == 0) {
        length = end() - at;
      }
      if (length < SOT_LENGTH + 2 || at + length > bytes.length) {
        throw damaged(
            "ends in tile-part %d of tile %d: it has %d bytes, of which %d are present"
                .formatted(part, tile, length, bytes.length - at));
      }
      parts.get(tile).add(part(at, at + (int) length));
      at += (int) length;
    }
    boolean ended = at + 2 <= bytes.length && word(at) == EOC;
    if (ended && at + 6 <= bytes.length && number(at + 2) == (SOC << 16 | SIZ)) {
      throw damaged("is followed by another: there are more frames than told");
    }
    check(parts, told, ended);
    if (!ended
        && bytes[at - 1]
            == 0) { // a zero byte may be padding that made the length of a truncated stream even
      throw damaged("ends without EOC, its last byte may be missing");
    }
    return parts;
  }

  private Part part(int from, int to) {
    int at = from + SOT_LENGTH;
    while (at + 4 <= to && word(at) != SOD) {
      checkStyle(at);
      at += 2 + word(at + 2);
    }
    if (at + 2 > to) {
      throw damaged("has a tile-part without data");
    }
    return new Part(from, at, to);
  }

  /**
   * Returns the offset of the last EOC. Only zero bytes, as padding to an even length, may follow
   * it.
   */
  private int end() {
    int at = bytes.length;
    while (at > 0 && bytes[at - 1] == 0) {
      at--;
    }
    if (at < 2 || word(at - 2) != EOC) {
      throw damaged("ends without EOC, its last tile-part is incomplete");
    }
    return at - 2;
  }

  private void check(List<List<Part>> parts, int[] told, boolean ended) {
    for (int tile = 0; tile < tiles; tile++) {
      int counted = parts.get(tile).size();
      if (counted == 0) {
        throw damaged("lacks tile %d of %d".formatted(tile, tiles));
      }
      if (told[tile] > counted) { // some writers give one too few
        throw damaged("has %d of %d tile-parts of tile %d".formatted(counted, told[tile], tile));
      }
      if (!ended && told[tile] != counted) {
        throw damaged("ends without EOC, more tile-parts may be missing");
      }
    }
  }

  /**
   * Joins the tile-parts of each tile into one: its markers, then its packets. Marker segments with
   * lengths (PLT) are dropped, since they no longer hold and decoding does not need them.
   */
  private byte[] joined(int first, List<List<Part>> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    copyMarkers(2, first, TLM, out);
    for (int tile = 0; tile < tiles; tile++) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (Part part : parts.get(tile)) {
        copyMarkers(part.from() + SOT_LENGTH, part.data(), PLT, body);
      }
      body.write(SOD >> 8);
      body.write(SOD & 0xFF);
      for (Part part : parts.get(tile)) {
        body.write(bytes, part.data() + 2, part.to() - part.data() - 2);
      }
      ByteBuffer head = ByteBuffer.allocate(SOT_LENGTH).putShort((short) SOT).putShort((short) 10);
      head.putShort((short) tile).putInt(SOT_LENGTH + body.size()).put((byte) 0).put((byte) 1);
      out.writeBytes(head.array());
      out.writeBytes(body.toByteArray());
    }
    out.write(EOC >> 8);
    out.write(EOC & 0xFF);
    return out.toByteArray();
  }

  private void copyMarkers(int from, int to, int without, ByteArrayOutputStream out) {
    if (from == 2) {
      out.write(bytes, 0, 2);
    }
    for (int at = from; at < to; at += 2 + word(at + 2)) {
      if (word(at) != without) {
        out.write(bytes, at, 2 + word(at + 2));
      }
    }
  }

  /** Offsets of SOT, of SOD and of the end. */
  private record Part(int from, int data, int to) {}

  private static DicomException damaged(String how) {
    return new DicomException("the JPEG 2000 codestream " + how, Tags.PixelData, null);
  }

  private int word(int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  private int number(int at) {
    return word(at) << 16 | word(at + 2);
  }
}
