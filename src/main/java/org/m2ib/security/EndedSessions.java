package org.m2ib.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.m2ib.config.M2ibConfig;

/**
 * Sessions that have been signed out, by the id in their cookie, so that copies of the cookie are
 * rejected even after a restart. {@code data-dir/ended-sessions} holds one line per session, id and
 * time, until all cookies of the session have expired.
 */
@ApplicationScoped
public class EndedSessions {
  private final Path file;
  private final Duration kept;
  private final Clock clock;
  private final Map<String, Instant> ended = new ConcurrentHashMap<>();

  /**
   * @param timeout time after which an unused cookie expires
   */
  @Inject
  EndedSessions(
      M2ibConfig config,
      @ConfigProperty(name = "quarkus.http.auth.form.timeout") Duration timeout) {
    this(config.dataDir().resolve("ended-sessions"), timeout, Clock.systemUTC());
  }

  EndedSessions() {
    this.file = null; // needed by the CDI proxy
    this.kept = null;
    this.clock = null;
  }

  EndedSessions(Path file, Duration timeout, Clock clock) {
    this.file = file;
    this.kept = timeout.multipliedBy(2);
    this.clock = clock;
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] parts = line.split(" ");
          ended.put(parts[0], Instant.parse(parts[1]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  boolean has(String session) {
    return ended.containsKey(session);
  }

  /**
   * @throws UncheckedIOException if the file cannot be written; the session then stays ended only
   *     until the next start
   */
  synchronized void add(String session) {
    Instant now = clock.instant();
    ended.values().removeIf(at -> at.isBefore(now.minus(kept)));
    ended.putIfAbsent(session, now);
    String lines =
        ended.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue() + "\n")
            .collect(Collectors.joining());
    Path next = file.resolveSibling(file.getFileName() + ".next");
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        EnumSet.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      try (FileChannel channel = FileChannel.open(next, options, owner)) {
        channel.write(StandardCharsets.UTF_8.encode(lines));
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
