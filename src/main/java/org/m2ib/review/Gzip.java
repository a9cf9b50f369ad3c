package org.m2ib.review;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The content coding gzip (RFC 9110 8.4.1.3). */
final class Gzip {
  private Gzip() {}

  /**
   * @param accepted the Accept-Encoding header (RFC 9110 12.5.3); null without one
   * @return whether it accepts gzip, or else everything, with a weight above 0
   */
  static boolean isAccepted(String accepted) {
    boolean any = false;
    for (String part : accepted == null ? new String[0] : accepted.split(",")) {
      String[] coding = part.strip().split("\\s*;\\s*", 2);
      boolean wanted =
          coding.length == 1 || !coding[1].matches("(?i)q\\s*=\\s*(0(\\.0*)?|[^0-9.].*)?\\s*");
      if (coding[0].equalsIgnoreCase("gzip") || coding[0].equalsIgnoreCase("x-gzip")) {
        return wanted;
      }
      any |= coding[0].equals("*") && wanted;
    }
    return any;
  }

  /** Fast rather than small, because a person waits. */
  static byte[] compress(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 2 + 64);
    try (GZIPOutputStream out =
        new GZIPOutputStream(bytes, 1 << 16) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
