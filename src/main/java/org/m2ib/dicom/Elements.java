package org.m2ib.dicom;

import org.aoju.bus.image.galaxy.data.ElementDictionary;

/** Formats data elements for messages. */
final class Elements {
  private Elements() {}

  /**
   * Returns tag and keyword, {@code (0010,0020) PatientID}, or the tag alone for a private element.
   */
  static String name(int tag) {
    Library.prepare();
    String keyword = ElementDictionary.keywordOf(tag, null);
    String text = Tags.text(tag);
    return keyword == null || keyword.isEmpty() ? text : text + " " + keyword;
  }
}
