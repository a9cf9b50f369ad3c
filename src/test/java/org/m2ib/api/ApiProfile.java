package org.m2ib.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** A service with a database of its own in memory and a known password. */
public final class ApiProfile implements QuarkusTestProfile {
  static final String PASSWORD = "api-test-password";

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      return Map.of(
          "m2ib.data-dir",
          Files.createTempDirectory("api").toString(),
          "m2ib.admin-password",
          PASSWORD,
          "quarkus.datasource.embedded.jdbc.url",
          "jdbc:h2:mem:api;DB_CLOSE_DELAY=-1",
          "quarkus.datasource.embedded.jdbc.acquisition-timeout",
          "60S",
          "quarkus.http.test-port",
          "0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
