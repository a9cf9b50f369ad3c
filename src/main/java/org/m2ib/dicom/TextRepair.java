package org.m2ib.dicom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.ElementDictionary;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.aoju.bus.image.galaxy.data.VR;

/**
 * Makes a data set's text readable while it is read. Every text element gets the VR of the data
 * dictionary (PS3.6), whatever VR it was sent with, and text beyond ASCII becomes UTF-8.
 */
final class TextRepair {
  private final Attributes dataSet;
  private final Set<Integer> readable = new HashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private CharacterSets sets;

  TextRepair(Attributes dataSet) {
    this.dataSet = dataSet;
  }

  /**
   * Repairs the elements read so far. Call it again after more have been read.
   *
   * @return remarks so far, without values
   */
  List<String> repair() {
    if (sets == null) {
      sets = sets(dataSet, new CharacterSets(List.of(), false));
    }
    int[] tags = Arrays.stream(dataSet.tags()).filter(readable::add).toArray();
    repair(dataSet, tags, sets);
    return List.copyOf(notes);
  }

  private static CharacterSets sets(Attributes attributes, CharacterSets inherited) {
    return attributes.contains(Tags.SpecificCharacterSet)
        ? CharacterSets.of(attributes.getStrings(Tags.SpecificCharacterSet))
        : inherited;
  }

  private void repair(Attributes attributes, int[] tags, CharacterSets sets) {
    List<Integer> coded = new ArrayList<>();
    boolean utf8 = true;
    for (int tag : tags) {
      Object value = attributes.getValue(tag);
      if (value instanceof Sequence sequence) {
        sequence.forEach(item -> repair(item, item.tags(), sets(item, sets)));
      } else if (value instanceof byte[] bytes && tag != Tags.SpecificCharacterSet) {
        VR vr = dictionaryVr(attributes, tag, bytes);
        if (vr.useSpecificCharacterSet() && !CharacterSets.ascii(bytes)) {
          coded.add(tag);
          utf8 &= CharacterSets.utf8(bytes);
        }
      }
    }
    if (coded.isEmpty()) {
      if (attributes.contains(Tags.SpecificCharacterSet)) {
        attributes.setString(Tags.SpecificCharacterSet, VR.CS, "ISO_IR 192");
      }
      return;
    }
    Reading reading = reading(sets, utf8);
    for (int tag : coded) {
      byte[] bytes = (byte[]) attributes.getValue(tag);
      byte[] text = reading.text(bytes).getBytes(StandardCharsets.UTF_8);
      attributes.setBytes(tag, attributes.getVR(tag), text);
    }
    attributes.setString(Tags.SpecificCharacterSet, VR.CS, "ISO_IR 192");
  }

  private interface Reading {
    String text(byte[] bytes);
  }

  private Reading reading(CharacterSets sets, boolean utf8) {
    boolean statesUtf8 = sets.terms().contains("ISO_IR 192");
    if (sets.stated() && (!statesUtf8 || utf8)) {
      if (sets.unknown()) {
        note("names a term that is not defined; it was ignored");
      }
      return sets::decode;
    }
    String what =
        statesUtf8
            ? "says UTF-8 but the text is not"
            : sets.unknown()
                ? "has a term that is not defined"
                : "does not give the character set of text beyond ASCII";
    note(what + "; it was read as " + (utf8 ? "UTF-8" : "ISO 8859-1"));
    return bytes -> new String(bytes, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  private void note(String text) {
    notes.add("Specific Character Set (0008,0005) " + text);
  }

  /** Returns the dictionary's VR for a text element, and the sent VR for any other. */
  private static VR dictionaryVr(Attributes attributes, int tag, byte[] bytes) {
    VR sent = attributes.getVR(tag);
    boolean standard = (tag & 0x10000) == 0;
    VR own = standard ? ElementDictionary.vrOf(tag, null) : sent;
    if (own != sent && own.isStringType() && (sent.isStringType() || sent == VR.UN)) {
      attributes.setBytes(tag, own, bytes);
      return own;
    }
    return sent;
  }
}
