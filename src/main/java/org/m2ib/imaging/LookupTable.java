package org.m2ib.imaging;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * A DICOM lookup table: descriptor and data (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5).
 *
 * @param first the input of the first entry; lower inputs get the first entry, inputs beyond the
 *     end the last
 * @param bits of an entry
 * @param entries outputs, 0 to 2^bits - 1
 */
record LookupTable(int first, int bits, int[] entries) {

  /**
   * The first complete table of a Modality or VOI LUT Sequence; some writers add an item without
   * descriptor or data next to the window that applies.
   *
   * @param signed as in {@link #of}
   * @param otherwise whether there is something else to use without a table
   * @throws DicomException if all tables are incomplete and there is nothing else to use
   */
  static Optional<LookupTable> first(
      DicomObject holder, int sequence, boolean signed, boolean otherwise) {
    List<DicomObject> items = holder.sequence(sequence);
    return items.stream()
        .filter(item -> item.integers(Tags.LUTDescriptor).length == 3 && item.has(Tags.LUTData))
        .findFirst()
        .or(
            () ->
                items.stream()
                    .filter(item -> !otherwise)
                    .filter(item -> item.has(Tags.LUTDescriptor) || item.has(Tags.LUTData))
                    .findFirst())
        .map(item -> of(item, Tags.LUTDescriptor, Tags.LUTData, signed));
  }

  /**
   * @param holder the data set or item that has both elements
   * @param signed whether the inputs can be negative, which determines how the second descriptor
   *     value is read: by (0028,0103) for stored values
   */
  static LookupTable of(DicomObject holder, int descriptorTag, int dataTag, boolean signed) {
    int[] descriptor = holder.integers(descriptorTag);
    if (descriptor.length != 3) {
      throw new DicomException(
          "a lookup table descriptor has 3 values, not " + descriptor.length + ",",
          descriptorTag,
          null);
    }
    int count = (descriptor[0] & 0xFFFF) == 0 ? 1 << 16 : descriptor[0] & 0xFFFF;
    int first = signed ? (short) descriptor[1] : descriptor[1] & 0xFFFF;
    int bits = descriptor[2];
    if (bits < 8 || bits > 16) {
      throw new DicomException(
          "lookup table entries of " + bits + " bits are not supported", descriptorTag, null);
    }
    int[] data = holder.integers(dataTag);
    int[] entries = new int[count];
    if (data.length >= count) {
      for (int i = 0; i < count; i++) {
        entries[i] = data[i] & 0xFFFF;
      }
      int most = Arrays.stream(entries).max().orElse(0);
      if (most >> bits != 0) {
        // the descriptor claims fewer bits than the data has: all 16 bits of words are meant
        bits = bits == 8 ? 16 : Integer.SIZE - Integer.numberOfLeadingZeros(most);
      }
    } else if (2 * data.length >= count) { // two entries per word, whatever the descriptor says
      bits = 8;
      for (int i = 0; i < count; i++) {
        entries[i] = data[i / 2] >> 8 * (i % 2) & 0xFF;
      }
    } else {
      throw new DicomException(
          "a lookup table of %d entries has %d".formatted(count, data.length), dataTag, null);
    }
    return new LookupTable(first, bits, entries);
  }

  /** The entry for an input, 0 to 2^bits - 1. */
  int entry(double input) {
    long index = Math.round(input) - first;
    return entries[(int) Math.max(0, Math.min(entries.length - 1, index))];
  }

  /** The entry for an input, [0, 1]. */
  double share(double input) {
    return Math.min(1.0, entry(input) / (double) ((1 << bits) - 1));
  }
}
