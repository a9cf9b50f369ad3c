package org.m2ib.research;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces identifiers. The same identifier has the same replacement in every export of this
 * service; without the key nobody can tell which belong together (HMAC-SHA-256).
 */
public final class Pseudonyms {
  /** A year and a half at most, a day at least. */
  private static final int MOST_DAYS = 550;

  private final SecretKeySpec key;

  /**
   * @param key secret text
   */
  public Pseudonyms(String key) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  /** A UID under 2.25 (PS3.5 B.2). */
  String uid(String uid) {
    return "2.25." + new BigInteger(1, Arrays.copyOf(hash("uid", uid), 16));
  }

  /** 16 hexadecimal digits. */
  String name(String kind, String identifier) {
    return HexFormat.of().formatHex(hash(kind, identifier), 0, 8);
  }

  /**
   * By how many days dates of a patient are moved back: all by the same, so that intervals stay.
   *
   * @return 1 to 550
   */
  int days(String patient) {
    return 1
        + new BigInteger(1, hash("days", patient)).mod(BigInteger.valueOf(MOST_DAYS)).intValue();
  }

  private byte[] hash(String kind, String identifier) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal((kind + "\0" + identifier).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java runtime has it
    }
  }
}
