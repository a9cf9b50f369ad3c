package org.m2ib.accounts;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.m2ib.base.Digests;

/**
 * Compares passwords with hashes. What was found right once in this process is not hashed again,
 * because Basic sends the password with every request.
 */
final class Passwords {
  private static final int MOST_REMEMBERED = 1000;
  private static final int MOST_CHARACTERS = 1000;
  private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"; // none is like another
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Each hash takes 19 MiB. */
  private final Semaphore turns = new Semaphore(4, true);

  private final String salt = oneTime();
  private final String nobodys = PasswordHash.of(oneTime());

  private final Set<String> right =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > MOST_REMEMBERED;
                }
              }));

  /**
   * Takes as long for a user that there is not as for a wrong password.
   *
   * @param hash null if there is no such user
   */
  boolean matches(String password, String hash) {
    if (password.length() > MOST_CHARACTERS) {
      return false;
    }
    String key = Digests.sha256(salt + hash + password);
    if (hash != null && right.contains(key)) {
      return true;
    }
    turns.acquireUninterruptibly();
    try {
      boolean matches = compare(password, hash == null ? nobodys : hash);
      if (matches && hash != null) {
        right.add(key);
      }
      return matches && hash != null;
    } finally {
      turns.release();
    }
  }

  /** Hashes of before passwords were normalized are of what was typed. */
  private static boolean compare(String password, String hash) {
    String normalized = PasswordHash.normalized(password);
    return PasswordHash.matches(normalized, hash)
        || !normalized.equals(password) && PasswordHash.matches(password, hash);
  }

  /** Returns a new random password, 79 bits in four groups. */
  static String oneTime() {
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      made.append(i > 0 && i % 4 == 0 ? "-" : "");
      made.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return made.toString();
  }
}
