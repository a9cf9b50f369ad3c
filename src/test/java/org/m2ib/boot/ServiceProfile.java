package org.m2ib.boot;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Map;

/** The service with a data folder and an in-memory database of its own, and a known password. */
public abstract class ServiceProfile implements QuarkusTestProfile {
  public static final String PASSWORD = "test-password";

  /** The value of an Authorization header. */
  public static final String BASIC = basic(PASSWORD);

  /** Shared by the tests of {@code /api}. */
  public static final class Api extends ServiceProfile {}

  /** Shared by the tests of {@code /fhir}. */
  public static final class Fhir extends ServiceProfile {}

  /** Shared by the tests of {@code /dicom-web}. */
  public static final class DicomWeb extends ServiceProfile {}

  /** Of the tests of signing in, which use up attempts. */
  public static final class SignIn extends ServiceProfile {}

  /** The value of an Authorization header for admin. */
  public static String basic(String password) {
    byte[] credentials = ("admin:" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    String name = getClass().getSimpleName();
    try {
      return Map.of(
          "m2ib.data-dir",
          Files.createTempDirectory(name).toString(),
          "m2ib.admin-password",
          PASSWORD,
          "quarkus.datasource.embedded.jdbc.url",
          "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1",
          "quarkus.datasource.embedded.jdbc.acquisition-timeout",
          "60S",
          "quarkus.http.test-port",
          "0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
