package org.m2ib.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions that were signed out, by the id in their cookie: a copy of the cookie is of no use then,
 * also after a restart. Kept in {@code data-dir/ended-sessions}, an id on a line.
 */
@ApplicationScoped
public class EndedSessions {
  private final Path file;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();

  @Inject
  EndedSessions(M2ibConfig config) {
    this(config.dataDir().resolve("ended-sessions"));
  }

  EndedSessions() {
    this.file = null; // for the proxy
  }

  EndedSessions(Path file) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        ended.addAll(Files.readAllLines(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  boolean has(String session) {
    return ended.contains(session);
  }

  synchronized void add(String session) {
    if (!ended.add(session)) {
      return;
    }
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    try (var channel = Files.newByteChannel(file, options, owner)) {
      channel.write(java.nio.charset.StandardCharsets.UTF_8.encode(session + "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
