package org.m2ib.security;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A query that another system signed: everything before {@code &signature=}, byte by byte as it is
 * sent, by HMAC-SHA256 (RFC 2104) in hexadecimal digits.
 *
 * @param name {@code accession} or {@code study}
 * @param value accession number or Study Instance UID
 * @param expires when it loses its force
 * @param nonce 16 to 64 characters, of which no other link has the same
 */
record SignedLink(String name, String value, Instant expires, String nonce) {
  static final Duration LONGEST = Duration.ofHours(1);
  private static final String SIGNATURE = "&signature=";
  private static final Set<String> TARGETS = Set.of("accession", "study");
  private static final int MOST = 64;

  /** Why a link opens nothing. */
  static final class InvalidException extends Exception {
    private final boolean late;

    InvalidException(boolean late) {
      this.late = late;
    }

    /** Whether it would have been right at another time. */
    boolean isLate() {
      return late;
    }
  }

  static SignedLink read(String query, String key, Instant now) throws InvalidException {
    int end = query == null ? -1 : query.lastIndexOf(SIGNATURE);
    if (end < 0 || !isSigned(query.substring(0, end), query.substring(end + 11), key)) {
      throw new InvalidException(false);
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : query.substring(0, end).split("&")) {
      int equals = pair.indexOf('=');
      if (equals < 1 || values.put(pair.substring(0, equals), decoded(pair, equals + 1)) != null) {
        throw new InvalidException(false);
      }
    }
    String name = values.keySet().stream().filter(TARGETS::contains).findFirst().orElse("");
    String value = values.getOrDefault(name, "");
    String nonce = values.getOrDefault("nonce", "");
    String expires = values.getOrDefault("expires", "");
    if (values.size() != 3
        || value.isBlank()
        || value.length() > MOST
        || value.chars().anyMatch(Character::isISOControl)
        || !nonce.matches("[\\w-]{16,64}")
        || !expires.matches("[0-9]{1,12}")) {
      throw new InvalidException(false);
    }
    Instant until = Instant.ofEpochSecond(Long.parseLong(expires));
    if (!now.isBefore(until) || until.isAfter(now.plus(LONGEST))) {
      throw new InvalidException(true);
    }
    return new SignedLink(name, value, until, nonce);
  }

  private static String decoded(String pair, int from) throws InvalidException {
    try {
      return URLDecoder.decode(pair.substring(from), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidException(false);
    }
  }

  private static boolean isSigned(String text, String signature, String key) {
    if (!signature.matches("[0-9a-fA-F]{64}")) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return MessageDigest.isEqual(
          mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), HexFormat.of().parseHex(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform provides it
    }
  }
}
