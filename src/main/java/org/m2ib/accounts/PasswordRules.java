package org.m2ib.accounts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which passwords people may choose (NIST SP 800-63B, 3.1.1.2): long ones, without rules about
 * kinds of characters, but not what is guessed first.
 */
public final class PasswordRules {
  public static final int SHORTEST = 12;
  public static final int LONGEST = 128;
  private static final Set<String> REFUSED = refused();

  /** What is wrong with a password. */
  public enum Problem {
    TOO_SHORT,
    TOO_LONG,
    HAS_THE_NAME,
    COMMON
  }

  private PasswordRules() {}

  /**
   * @param name sign-in name of the user
   */
  public static Optional<Problem> check(String typed, String name) {
    String password = PasswordHash.normalized(typed);
    int length = password.codePointCount(0, password.length());
    String lower = password.toLowerCase(Locale.ROOT);
    if (length < SHORTEST) {
      return Optional.of(Problem.TOO_SHORT);
    }
    if (length > LONGEST) {
      return Optional.of(Problem.TOO_LONG);
    }
    if (lower.contains(name)) {
      return Optional.of(Problem.HAS_THE_NAME);
    }
    return isCommon(lower) ? Optional.of(Problem.COMMON) : Optional.empty();
  }

  /** A refused word, repeated or between digits and signs, or few different characters. */
  private static boolean isCommon(String lower) {
    String letters = lower.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
    return lower.codePoints().distinct().count() < 5
        || REFUSED.contains(lower)
        || REFUSED.stream().anyMatch(word -> letters.replace(word, "").isEmpty())
        || "01234567890123456789".contains(lower)
        || "98765432109876543210".contains(lower);
  }

  private static Set<String> refused() {
    try (InputStream list = PasswordRules.class.getResourceAsStream("refused-passwords.txt")) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
