package org.m2ib.intake.hl7;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.m2ib.base.tls.TlsServer;

/**
 * Settings of the MLLP listener.
 *
 * @param host address to listen on, {@code 0.0.0.0} for all
 * @param port TCP port; 0 picks a free one
 * @param maxMessageBytes maximum message length, 1 KiB to 1 GiB
 * @param maxBatchMessages messages in one batch, at least 1
 * @param sendingFacilities MSH-4.1 values that may send; empty allows all
 * @param patientIdAuthorities preferred assigning authorities (PID-3.4.1) of the patient
 *     identifier, best first; if none matches, the first identifier is used
 * @param maxConnections open connections, 1 to 10000; a further one replaces the connection that
 *     has been idle longest
 * @param idleTimeout a connection on which no message begins for this long is closed
 * @param messageTimeout maximum time from a message's first byte to its last
 * @param tls absent for plain connections
 */
public record Hl7Settings(
    String host,
    int port,
    int maxMessageBytes,
    int maxBatchMessages,
    Set<String> sendingFacilities,
    List<String> patientIdAuthorities,
    int maxConnections,
    Duration idleTimeout,
    Duration messageTimeout,
    Optional<TlsServer> tls) {
  private static final Duration DAY = Duration.ofDays(1);

  public Hl7Settings {
    check(port >= 0 && port <= 65535, "port", port, "0 to 65535");
    check(
        maxMessageBytes >= 1 << 10 && maxMessageBytes <= 1 << 30,
        "max-message-bytes",
        maxMessageBytes,
        "1024 to 1073741824");
    check(maxBatchMessages >= 1, "max-batch-messages", maxBatchMessages, "at least 1");
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
