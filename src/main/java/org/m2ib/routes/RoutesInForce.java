package org.m2ib.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.base.yaml.YamlNode;

/**
 * The routes that cases take now. A changed file counts once it has stood unchanged between two
 * looks, {@link #BETWEEN} apart, so that a half-written one does not; one that is wrong changes
 * nothing, and is told.
 */
public final class RoutesInForce implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RoutesInForce.class);
  static final Duration BETWEEN = Duration.ofSeconds(2);

  private final Path file;
  private final Function<String, Routes> reader;
  private final Consumer<Routes> changed;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Threads.named("routes"));
  private volatile State state;

  /** What the last look found, to be confirmed by the next; null if there is nothing to confirm. */
  private String unconfirmed;

  /** The text in force, and the last that was refused. */
  private String accepted;

  private String refused;

  /**
   * @param routes null if no file is configured
   * @param since when they came into force; null without a file
   * @param error why the file as it is now is not in force; null if it is
   */
  public record State(Routes routes, Instant since, String error) {}

  /**
   * Reads the file.
   *
   * @param file null if none is configured
   * @param reader reads its text; throws {@link InvalidFileException}
   * @param changed is told of other routes that come into force
   * @throws IllegalArgumentException if the file cannot be read or is wrong
   */
  public RoutesInForce(
      Path file, Function<String, Routes> reader, Consumer<Routes> changed, Clock clock) {
    this.file = file;
    this.reader = reader;
    this.changed = changed;
    this.clock = clock;
    if (file == null) {
      this.state = new State(null, null, null);
      return;
    }
    try {
      this.accepted = YamlNode.textOf(file);
      this.state = new State(reader.apply(accepted), clock.instant(), null);
    } catch (IOException e) { // at start only the last cause is printed
      throw new IllegalArgumentException("m2ib.routes = " + file + ": " + e.getMessage());
    } catch (InvalidFileException e) {
      throw new IllegalArgumentException("m2ib.routes = " + file + ":\n" + e.getMessage());
    }
    LOG.infof("%d routes of %s, %s", state.routes().routes().size(), file, state.routes().hash());
  }

  /** Looks at the file from now on. */
  public void start() {
    if (file != null) {
      timer.scheduleWithFixedDelay(
          this::lookOrTell, BETWEEN.toMillis(), BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  public State state() {
    return state;
  }

  private void lookOrTell() {
    try {
      look();
    } catch (RuntimeException e) { // an uncaught exception would end the looks
      LOG.error("the file of routes could not be looked at", e);
    }
  }

  /** Looks at the file once. */
  public synchronized void look() {
    String text;
    try {
      text = YamlNode.textOf(file);
    } catch (IOException e) {
      unconfirmed = null;
      refused = null;
      tell(file + ": " + e.getMessage());
      return;
    }
    if (text.equals(accepted)) {
      unconfirmed = null;
      refused = null;
      tell(null);
    } else if (text.equals(unconfirmed)) {
      unconfirmed = null;
      take(text);
    } else {
      unconfirmed = text.equals(refused) ? null : text;
    }
  }

  private void take(String text) {
    Routes routes;
    try {
      routes = reader.apply(text);
    } catch (InvalidFileException e) {
      refused = text;
      tell(file + ":\n" + e.getMessage());
      return;
    }
    accepted = text;
    refused = null;
    state = new State(routes, clock.instant(), null);
    LOG.infof(
        "other routes are in force: %d of %s, %s", routes.routes().size(), file, routes.hash());
    changed.accept(routes);
  }

  private void tell(String error) {
    State now = state;
    if (error != null && !error.equals(now.error())) {
      LOG.errorf("the routes that were read before stay in force: %s", error);
    } else if (error == null && now.error() != null) {
      LOG.infof("%s is again as it is in force", file);
    }
    state = new State(now.routes(), now.since(), error);
  }
}
