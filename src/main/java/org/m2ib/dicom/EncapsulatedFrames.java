package org.m2ib.dicom;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Finds the fragments that make up one frame of encapsulated pixel data (PS3.5 A.4). */
final class EncapsulatedFrames {
  private static final int ITEM_HEADER = 8;

  private EncapsulatedFrames() {}

  static byte[] frame(DicomObject object, int frames, int number) {
    List<byte[]> items = object.fragments(Tags.PixelData);
    List<byte[]> fragments = items.subList(Math.min(1, items.size()), items.size());
    if (fragments.size() < frames) {
      throw new DicomException(
          "frames need a fragment each: there are %d for %d,".formatted(fragments.size(), frames),
          Tags.PixelData,
          null);
    }
    if (frames == 1) {
      return join(fragments);
    }
    if (fragments.size() == frames) {
      return fragments.get(number - 1);
    }
    byte[] offsets = items.get(0);
    if (offsets.length == 4L * frames) {
      long from = offset(offsets, number - 1);
      long to = number == frames ? Long.MAX_VALUE : offset(offsets, number);
      return join(between(fragments, from, to));
    }
    return join(startingWithMarker(fragments, frames, number));
  }

  private static long offset(byte[] table, int index) {
    int at = 4 * index;
    return (table[at] & 0xFFL)
        | (table[at + 1] & 0xFFL) << 8
        | (table[at + 2] & 0xFFL) << 16
        | (table[at + 3] & 0xFFL) << 24;
  }

  private static List<byte[]> between(List<byte[]> fragments, long from, long to) {
    int first = -1;
    int end = fragments.size();
    long position = 0;
    for (int i = 0; i < fragments.size(); i++) {
      if (position == from) {
        first = i;
      }
      if (position >= to) {
        end = i;
        break;
      }
      position += ITEM_HEADER + fragments.get(i).length;
    }
    if (first < 0 || first >= end) {
      throw new DicomException(
          "the basic offset table points to no fragment", Tags.PixelData, null);
    }
    return fragments.subList(first, end);
  }

  /**
   * Without an offset table, a frame starts at each fragment that begins a JPEG or JPEG 2000
   * codestream.
   */
  private static List<byte[]> startingWithMarker(List<byte[]> fragments, int frames, int number) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < fragments.size(); i++) {
      byte[] f = fragments.get(i);
      boolean jpeg = f.length > 2 && f[0] == (byte) 0xFF && f[1] == (byte) 0xD8;
      boolean jpeg2000 = f.length > 2 && f[0] == (byte) 0xFF && f[1] == 0x4F;
      if (jpeg || jpeg2000) {
        starts.add(i);
      }
    }
    if (starts.size() != frames) {
      throw new DicomException(
          "%d frames cannot be told apart in %d fragments, of which %d begin one,"
              .formatted(frames, fragments.size(), starts.size()),
          Tags.PixelData,
          null);
    }
    int end = number == frames ? fragments.size() : starts.get(number);
    return fragments.subList(starts.get(number - 1), end);
  }

  private static byte[] join(List<byte[]> fragments) {
    if (fragments.size() == 1) {
      return fragments.get(0);
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    fragments.forEach(joined::writeBytes);
    return joined.toByteArray();
  }
}
