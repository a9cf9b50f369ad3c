package org.m2ib.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Settings of the demo, made before the service starts: its own data folder, free loopback ports,
 * an archive in the same process. They override the user's settings, so that a demo touches no real
 * data folder, database, archive or FHIR server.
 */
public final class DemoSettings {
  private static final String PASSWORD = "m2ib.admin-password";
  static final String ARCHIVE_AE_TITLE = "DEMO";
  static final Path DEFAULT_OUT = Path.of("demo");
  static final String LOOPBACK = "127.0.0.1";

  private DemoSettings() {}

  public static void apply(String... arguments) {
    List<Integer> ports = freePorts(4);
    Map<String, String> settings =
        Map.ofEntries(
            Map.entry("m2ib.data-dir", out(arguments).resolve("data").toString()),
            Map.entry("m2ib.dicom.host", LOOPBACK),
            Map.entry("m2ib.hl7.host", LOOPBACK),
            Map.entry("quarkus.http.host", LOOPBACK),
            Map.entry("m2ib.dicom.port", String.valueOf(ports.get(0))),
            Map.entry("m2ib.hl7.port", String.valueOf(ports.get(1))),
            Map.entry("quarkus.http.port", String.valueOf(ports.get(2))),
            Map.entry("m2ib.archive", ARCHIVE_AE_TITLE + "@" + LOOPBACK + ":" + ports.get(3)),
            Map.entry("m2ib.fhir.url", ""),
            Map.entry("m2ib.study.quiet-period", "1s"),
            Map.entry("quarkus.datasource.jdbc.url", ""), // its own, in the data folder
            Map.entry("quarkus.log.level", "ERROR"),
            Map.entry("quarkus.log.console.json.enabled", "false"));
    settings.forEach(System::setProperty);
    if (System.getProperty(PASSWORD) == null && System.getenv("M2IB_ADMIN_PASSWORD") == null) {
      System.setProperty(PASSWORD, UUID.randomUUID().toString()); // for this run only
    }
  }

  /**
   * The value of {@code --out}, read here because the command line is parsed only after the start.
   */
  private static Path out(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--out") && i + 1 < arguments.length) {
        return Path.of(arguments[i + 1]);
      }
      if (arguments[i].startsWith("--out=")) {
        return Path.of(arguments[i].substring("--out=".length()));
      }
    }
    return DEFAULT_OUT;
  }

  /** All are held open until all are found, so that they differ. */
  private static List<Integer> freePorts(int n) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < n; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("no free TCP port on the loopback address", e);
    } finally {
      for (ServerSocket socket : sockets) {
        try {
          socket.close();
        } catch (IOException e) {
          // only we have it
        }
      }
    }
  }
}
