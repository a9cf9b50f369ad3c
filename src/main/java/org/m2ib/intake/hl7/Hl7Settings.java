package org.m2ib.intake.hl7;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * @param host address to listen on, {@code 0.0.0.0} for all
 * @param port TCP port; 0 selects any free one
 * @param maxMessageBytes longest accepted message, 1 KiB to 1 GiB
 * @param sendingFacilities MSH-4.1 values that may send; empty allows any
 * @param patientIdAuthorities assigning authorities (PID-3.4.1) whose patient identifier is
 *     preferred, in order; if none matches, the first identifier is used
 * @param maxConnections maximum number of open connections, 1 to 10000; a further one closes the
 *     connection idle longest
 * @param idleTimeout a connection is closed after this long without a message
 * @param messageTimeout from a message's first byte to its last
 */
public record Hl7Settings(
    String host,
    int port,
    int maxMessageBytes,
    Set<String> sendingFacilities,
    List<String> patientIdAuthorities,
    int maxConnections,
    Duration idleTimeout,
    Duration messageTimeout) {
  private static final Duration DAY = Duration.ofDays(1);

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
    check(isTimeout(idleTimeout), "idle-timeout", idleTimeout, "above 0 and at most a day");
    check(isTimeout(messageTimeout), "message-timeout", messageTimeout, "above 0, at most a day");
    sendingFacilities = Set.copyOf(sendingFacilities);
    patientIdAuthorities = List.copyOf(patientIdAuthorities);
  }

  private static boolean isTimeout(Duration duration) {
    return duration.toMillis() >= 1 && duration.compareTo(DAY) <= 0;
  }

  private static void check(boolean holds, String name, Object value, String range) {
    if (!holds) {
      throw new IllegalArgumentException("m2ib.hl7." + name + " = " + value + ": must be " + range);
    }
  }
}
