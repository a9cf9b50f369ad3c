package org.m2ib.fhir;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** The application with a database of its own in memory and a known password. */
public final class Facade implements QuarkusTestProfile {
  static final String PASSWORD = "facade-password";

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      return Map.of(
          "m2ib.data-dir",
          Files.createTempDirectory("facade").toString(),
          "m2ib.admin-password",
          PASSWORD,
          "quarkus.datasource.embedded.jdbc.url",
          "jdbc:h2:mem:facade;DB_CLOSE_DELAY=-1",
          "quarkus.http.test-port",
          "0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
