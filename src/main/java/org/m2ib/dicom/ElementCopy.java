package org.m2ib.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.ElementDictionary;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.aoju.bus.image.galaxy.data.VR;

/**
 * Copies elements between data sets that may differ in character set or byte order, with the VR of
 * the data dictionary (PS3.6). A value that does not fit this VR is left out. In a sequence the
 * whole item is left out, because its meaning could change without that value.
 */
final class ElementCopy {
  /** Elements of type 1 or 1C wherever they occur (PS3.3 Tables 8.8-1 and 10-11). */
  private static final Set<Integer> NEVER_EMPTY =
      Set.of(
          Tags.CodeValue,
          Tags.CodingSchemeDesignator,
          Tags.CodeMeaning,
          Tags.ReferencedSOPClassUID,
          Tags.ReferencedSOPInstanceUID);

  private ElementCopy() {}

  /**
   * @return false if the element does not fit; true if it was copied or the source lacks it
   */
  static boolean copy(Attributes from, Attributes to, int tag) {
    if (!from.contains(tag)) {
      return true;
    }
    VR sent = from.getVR(tag);
    boolean standard = (tag & 0x10000) == 0;
    VR own = standard ? ElementDictionary.vrOf(tag, null) : sent;
    VR vr = own == VR.UN ? sent : own;
    Object value = from.getValue(tag);
    to.remove(tag);
    if (value instanceof Sequence sequence) {
      return vr == VR.SQ && items(sequence, to, tag);
    }
    if (!from.containsValue(tag)) {
      to.setNull(tag, vr);
      return true;
    }
    if (vr.isStringType()) {
      return (sent.isStringType() || sent == VR.UN) && text(from, to, tag, vr);
    }
    if (vr == VR.SQ || sent.isStringType()) {
      return false;
    }
    // US or SS, OB or OW: where the dictionary allows both, the sender's choice counts
    byte[] bytes = from.getSafeBytes(tag);
    if (from.bigEndian() != to.bigEndian()) {
      bytes = sent.toggleEndian(bytes, true);
    }
    boolean open = sent.numEndianBytes() == vr.numEndianBytes() || sent.isInlineBinary();
    if (open) {
      to.setBytes(tag, sent, bytes);
    }
    return open;
  }

  private static boolean items(Sequence sequence, Attributes to, int tag) {
    List<Attributes> copies = new ArrayList<>();
    for (Attributes item : sequence) {
      Attributes copy = new Attributes(to.bigEndian());
      boolean whole = true;
      for (int inner : item.tags()) {
        if (inner != Tags.SpecificCharacterSet) { // the item inherits its new parent's
          whole &=
              copy(item, copy, inner)
                  && (item.containsValue(inner) || !NEVER_EMPTY.contains(inner));
        }
      }
      if (whole) {
        copies.add(copy);
      }
    }
    if (!copies.isEmpty() || sequence.isEmpty()) {
      to.newSequence(tag, copies.size()).addAll(copies);
    }
    return copies.size() == sequence.size();
  }

  private static boolean text(Attributes from, Attributes to, int tag, VR vr) {
    String[] values = from.getStrings(tag);
    for (int i = 0; values != null && i < values.length; i++) {
      values[i] = ValueFit.present(vr, values[i]);
    }
    boolean fit = values != null && ValueFit.fit(tag, vr, values);
    if (fit) {
      to.setString(tag, vr, values);
    }
    return fit;
  }
}
