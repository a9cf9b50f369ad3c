package org.m2ib.fhir.export;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.Database;
import org.m2ib.cases.Schedulers;
import org.m2ib.cases.StorageUnavailableException;

/**
 * Runs bulk exports, one at a time, as db-scheduler tasks. The rows are the source of truth: an
 * export that has no task gets one, so a restart continues it after what its files contain.
 */
public final class Exports implements AutoCloseable {
  /** Of unfinished exports. */
  public static final int MOST = 5;

  private static final Logger LOG = Logger.getLogger(Exports.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final ExportStore store;
  private final ExportWriter writer;
  private final Clock clock;
  private final Settings settings;
  private final OneTimeTask<Void> task;
  private final Scheduler scheduler;
  private volatile boolean closed;

  /**
   * @param folder of the files
   * @param expiry how long an export is kept after it was asked for
   * @param settling how long to wait before the first resource is read: a transaction that has
   *     given its resources an earlier time has ended by then
   */
  public record Settings(Path folder, Duration expiry, Duration settling) {}

  public Exports(
      Settings settings, Database database, ExportStore store, ExportWriter writer, Clock clock) {
    this.settings = settings;
    this.store = store;
    this.writer = writer;
    this.clock = clock;
    this.task =
        Tasks.oneTime("fhir-export")
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
            .execute((instance, context) -> run(UUID.fromString(instance.getId())));
    RecurringTask<Void> sweep =
        Tasks.recurring("fhir-export-sweep", FixedDelay.of(SWEEP))
            .execute((instance, context) -> sweep());
    this.scheduler = Schedulers.of(database.source(), task).startTasks(sweep).threads(2).build();
  }

  public void start() {
    scheduler.start();
  }

  @Override
  public void close() {
    closed = true;
    scheduler.stop();
  }

  /** Begins an export of resources as they are now; empty if too many are unfinished. */
  public Optional<Export> begin(String client, String request, List<String> types, Instant since) {
    if (store.pending().size() >= MOST) {
      return Optional.empty();
    }
    Instant now = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    Export export =
        new Export(
            UUID.randomUUID(),
            client,
            request,
            types.stream().sorted().toList(),
            since,
            now,
            now.plus(settings.expiry()),
            Export.Status.PENDING,
            "",
            "");
    store.add(export);
    schedule(export);
    return Optional.of(export);
  }

  private void schedule(Export export) {
    scheduler.scheduleIfNotExists(
        task.instance(export.id().toString()), export.transactionTime().plus(settings.settling()));
  }

  /** Cancels an export and deletes its files. */
  public void delete(UUID id) {
    store.delete(id);
    deleteFiles(folder(id)); // a running task deletes what it writes meanwhile
  }

  private void run(UUID id) {
    try {
      boolean done = writer.write(id, folder(id), () -> closed);
      if (!done && closed) {
        throw new StorageUnavailableException("the service ends; the export continues later", null);
      }
    } catch (StorageUnavailableException | UncheckedIOException e) {
      throw e; // tried again
    } catch (RuntimeException e) {
      LOG.errorf(Traces.withoutMessages(e), "export %s failed", id);
      store.end(id, Export.Status.FAILED);
    }
    if (store.find(id).isEmpty()) {
      deleteFiles(folder(id));
    }
  }

  /** Gives every unfinished export a task, and deletes the expired ones and orphaned files. */
  void sweep() {
    store.expired(clock.instant()).forEach(export -> delete(export.id()));
    store.pending().forEach(this::schedule);
    List<UUID> known = store.all();
    try (Stream<Path> folders = Files.list(settings.folder())) {
      folders
          .filter(folder -> known.stream().noneMatch(id -> folder.equals(folder(id))))
          .forEach(Exports::deleteFiles);
    } catch (NoSuchFileException e) {
      return; // nothing has been exported yet
    } catch (IOException e) {
      LOG.warnf("%s cannot be read: %s", settings.folder(), e.getMessage());
    }
  }

  private Path folder(UUID id) {
    return settings.folder().resolve(id.toString());
  }

  /** Returns the file with the resources of a type. */
  public Path file(UUID id, String type) {
    return ExportWriter.file(folder(id), type);
  }

  private static void deleteFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException e) {
      return; // nothing was written
    } catch (IOException e) {
      LOG.warnf("%s cannot be deleted: %s", folder, e.getMessage());
    }
  }
}
