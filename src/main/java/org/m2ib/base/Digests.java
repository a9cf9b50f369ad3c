package org.m2ib.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digests that every Java platform has. */
public final class Digests {
  private Digests() {}

  /** A new SHA-256, to be fed piece by piece. */
  public static MessageDigest sha256() {
    return of("SHA-256");
  }

  /** A new SHA-1: for formats that ask for it, not for safety. */
  public static MessageDigest sha1() {
    return of("SHA-1");
  }

  /** SHA-256 as 64 hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return hex(sha256().digest(bytes));
  }

  /** The same of text in UTF-8. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What was fed to a digest, as lower-case hexadecimal digits; the digest starts anew. */
  public static String hex(MessageDigest digest) {
    return hex(digest.digest());
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  private static MessageDigest of(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
