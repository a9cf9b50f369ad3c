package org.m2ib.dicom;

import org.aoju.bus.image.UID;

/** Names transfer syntaxes in messages. */
final class TransferSyntaxes {
  private TransferSyntaxes() {}

  /** Returns name and UID, {@code JPEG-LS Lossless Image Compression (1.2.840.10008.1.2.4.80)}. */
  static String name(String uid) {
    String name = UID.nameOf(uid);
    return name == null || name.equals(uid) || name.equals("?")
        ? "transfer syntax " + uid
        : name + " (" + uid + ")";
  }
}
