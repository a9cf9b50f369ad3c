package org.m2ib.dicom;

import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.aoju.bus.image.galaxy.data.VR;

/** Copies elements between data sets whose character sets or byte orders may differ. */
final class ElementCopy {
  private ElementCopy() {}

  static void copy(Attributes from, Attributes to, int tag) {
    if (!from.contains(tag)) {
      return;
    }
    VR vr = from.getVR(tag);
    Object value = from.getValue(tag);
    if (value instanceof Sequence sequence) {
      to.remove(tag);
      Sequence copies = to.newSequence(tag, sequence.size());
      for (Attributes item : sequence) {
        Attributes copy = new Attributes(to.bigEndian());
        copies.add(copy);
        for (int inner : item.tags()) {
          if (inner != Tags.SpecificCharacterSet) { // the item takes its new parent's
            copy(item, copy, inner);
          }
        }
      }
    } else if (!from.containsValue(tag)) {
      to.setNull(tag, vr);
    } else if (vr.isStringType()) {
      to.setString(tag, vr, from.getStrings(tag));
    } else {
      byte[] bytes = from.getSafeBytes(tag);
      if (from.bigEndian() != to.bigEndian()) {
        bytes = vr.toggleEndian(bytes, true);
      }
      to.setBytes(tag, vr, bytes);
    }
  }
}
