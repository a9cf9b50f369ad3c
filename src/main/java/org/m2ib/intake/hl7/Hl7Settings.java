package org.m2ib.intake.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * @param host address to listen on, {@code 0.0.0.0} for all
 * @param port TCP port; 0 takes any free one
 * @param maxMessageBytes longest message taken, 1 KiB to 1 GiB
 * @param charset for messages whose MSH-18 names none
 * @param sendingFacilities MSH-4.1 values that may send; empty lets everyone
 * @param patientIdAuthorities assigning authorities (PID-3.4.1) whose patient identifier is wanted,
 *     best first; when none matches, the first identifier is taken
 * @param maxConnections connections open at once, 1 to 10000; a further one is closed at once
 */
public record Hl7Settings(
    String host,
    int port,
    int maxMessageBytes,
    Charset charset,
    Set<String> sendingFacilities,
    List<String> patientIdAuthorities,
    int maxConnections) {

  public Hl7Settings {
    check(port >= 0 && port <= 65535, "port", port, "0 to 65535");
    check(
        maxMessageBytes >= 1 << 10 && maxMessageBytes <= 1 << 30,
        "max-message-bytes",
        maxMessageBytes,
        "1024 to 1073741824");
    check(
        maxConnections >= 1 && maxConnections <= 10000,
        "max-connections",
        maxConnections,
        "1 to 10000");
    sendingFacilities = Set.copyOf(sendingFacilities);
    patientIdAuthorities = List.copyOf(patientIdAuthorities);
  }

  /** UTF-8, 16 MiB, everyone, 64 connections. */
  public static Hl7Settings onPort(String host, int port) {
    return new Hl7Settings(host, port, 16 << 20, StandardCharsets.UTF_8, Set.of(), List.of(), 64);
  }

  private static void check(boolean holds, String name, Object value, String range) {
    if (!holds) {
      throw new IllegalArgumentException("m2ib.hl7." + name + " = " + value + ": must be " + range);
    }
  }
}
