package org.m2ib.dicom;

import java.util.Map;
import org.aoju.bus.image.UID;

/** Names transfer syntaxes in messages. */
final class TransferSyntaxes {
  private TransferSyntaxes() {}

  /** Those that the library's dictionary lacks (PS3.6 A). */
  private static final Map<String, String> LATER =
      Map.ofEntries(
          Map.entry("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
          Map.entry("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
          Map.entry("1.2.840.10008.1.2.4.112", "JPEG XL"),
          Map.entry(Uids.HTJ2K_LOSSLESS, "High-Throughput JPEG 2000 Lossless"),
          Map.entry(Uids.HTJ2K_LOSSLESS_RPCL, "High-Throughput JPEG 2000 RPCL Lossless"),
          Map.entry(Uids.HTJ2K, "High-Throughput JPEG 2000"));

  /** Returns name and UID, {@code JPEG-LS Lossless Image Compression (1.2.840.10008.1.2.4.80)}. */
  static String name(String uid) {
    String later = LATER.get(uid);
    String name = later != null ? later : UID.nameOf(uid);
    return name == null || name.equals(uid) || name.equals("?")
        ? "transfer syntax " + uid
        : name + " (" + uid + ")";
  }
}
