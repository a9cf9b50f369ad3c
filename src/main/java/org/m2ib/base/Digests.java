package org.m2ib.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digests that every Java platform provides. */
public final class Digests {
  private Digests() {}

  /** Returns a new SHA-256 digest for incremental use. */
  public static MessageDigest sha256() {
    return of("SHA-256");
  }

  /** Returns a new SHA-1 digest, for formats that require it, not for security. */
  public static MessageDigest sha1() {
    return of("SHA-1");
  }

  /** Returns the SHA-256 as 64 hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return hex(sha256().digest(bytes));
  }

  /** Returns the SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Completes a digest, resets it, and returns it as lower-case hexadecimal digits. */
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
      throw new IllegalStateException(e); // every Java platform provides it
    }
  }
}
