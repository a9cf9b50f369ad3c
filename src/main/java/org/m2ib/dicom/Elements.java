package org.m2ib.dicom;

import org.aoju.bus.image.galaxy.data.ElementDictionary;

/** Names of data elements for messages. */
final class Elements {
  private Elements() {}

  /** Tag and keyword, {@code (0010,0020) PatientID}; only the tag if it is private. */
  static String name(int tag) {
    Library.prepare();
    String keyword = ElementDictionary.keywordOf(tag, null);
    String text = Tags.text(tag);
    return keyword == null || keyword.isEmpty() ? text : text + " " + keyword;
  }
}
