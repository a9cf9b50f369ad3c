package org.m2ib.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that encrypts session cookies. It is generated at first start in {@code
 * data-dir/session-key}, so that sessions survive a restart, and combined with the password, so
 * that none survives a change of it.
 *
 * @param text 44 characters
 */
public record SessionKey(String text) {

  /**
   * @throws java.io.UncheckedIOException if the file can be neither read nor created
   */
  public static SessionKey of(Path dataDir, AdminPassword password) {
    String key = SecretFile.read(dataDir.resolve("session-key"), 32);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] joined = mac.doFinal(password.text().getBytes(StandardCharsets.UTF_8));
      return new SessionKey(Base64.getEncoder().encodeToString(joined));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform provides SHA-256
    }
  }

  @Override
  public String toString() {
    return "SessionKey";
  }
}
