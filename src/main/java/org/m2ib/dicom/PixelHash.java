package org.m2ib.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.Fragments;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.m2ib.base.Digests;

/**
 * Hashes what is visible of an image: the pixel data and every element that affects its display.
 * Two objects that differ only in the patient's name have the same hash. Other pixels, another
 * window or another lookup table under the same SOP Instance UID give another hash.
 */
public final class PixelHash {
  private static final int IMAGE_PIXEL_GROUP = 0x0028;
  private static final int FUNCTIONAL_GROUPS = 0x5200;

  /** Image Box Pixel Presentation groups: Presentation LUT. */
  private static final int PRESENTATION_GROUP = 0x2050;

  private static final List<Integer> GROUPS =
      List.of(IMAGE_PIXEL_GROUP, FUNCTIONAL_GROUPS, PRESENTATION_GROUP, 0x7FE0);

  private final MessageDigest digest = Digests.sha256();

  private PixelHash() {}

  /**
   * @param object object read with its pixel data
   * @return SHA-256 as 64 hexadecimal digits
   */
  public static String of(DicomObject object) {
    PixelHash hash = new PixelHash();
    Attributes attributes = object.attributes();
    for (int tag : attributes.tags()) {
      if (GROUPS.contains(tag >>> 16) || tag == Tags.ImagerPixelSpacing) {
        hash.add(attributes, tag);
      }
    }
    return Digests.hex(hash.digest);
  }

  private void add(Attributes attributes, int tag) {
    digest.update(ByteBuffer.allocate(4).putInt(0, tag));
    Object value = attributes.getValue(tag);
    if (value instanceof Sequence sequence) {
      for (Attributes item : sequence) {
        text("{");
        for (int inner : item.tags()) {
          add(item, inner);
        }
        text("}");
      }
    } else if (value instanceof Fragments fragments) {
      for (int i = 0; i < fragments.size(); i++) {
        if (fragments.get(i) instanceof byte[] fragment) {
          bytes(fragment);
        }
      }
    } else if (attributes.getVR(tag).isStringType()) {
      String[] values = attributes.getStrings(tag);
      for (String each : values == null ? new String[0] : values) {
        text(each == null ? "" : each.strip());
      }
    } else {
      byte[] bytes = attributes.getSafeBytes(tag);
      bytes(bytes == null ? new byte[0] : bytes);
    }
  }

  private void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] value) {
    digest.update(ByteBuffer.allocate(4).putInt(0, value.length));
    digest.update(value);
  }
}
