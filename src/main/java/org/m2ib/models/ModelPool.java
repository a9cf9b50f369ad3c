package org.m2ib.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.m2ib.clip.loading.ModelOutline;

/**
 * The models that are loaded, each once for all who work with it. No lock is held while one is
 * loaded: who opens it waits, who opens another does not.
 */
public final class ModelPool implements AutoCloseable {
  private final Function<String, LoadedModel> loader;
  private final Predicate<String> staysLoaded;
  private final Map<String, Shared> entries = new TreeMap<>();
  private final Map<String, ModelOutline> known = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * @param loader loads a model by its name
   * @param staysLoaded whether a model stays loaded when no one has it open
   */
  ModelPool(Function<String, LoadedModel> loader, Predicate<String> staysLoaded) {
    this.loader = loader;
    this.staysLoaded = staysLoaded;
  }

  /**
   * Takes a model for one piece of work, loaded if need be; it stays loaded until that closes what
   * it was given.
   *
   * @throws org.m2ib.clip.ModelException when it cannot be loaded; the next call tries again
   * @throws CancellationException when the pool is closed
   */
  InUse open(String name) {
    Shared shared;
    boolean first;
    synchronized (this) {
      requireOpen();
      first = !entries.containsKey(name);
      shared = entries.computeIfAbsent(name, n -> new Shared());
      shared.users++;
    }
    if (first) {
      load(name, shared);
    }
    return new InUse(shared, shared.await());
  }

  private void load(String name, Shared shared) {
    try {
      LoadedModel model = loader.apply(name);
      synchronized (this) {
        if (!closed) {
          known.put(name, ModelOutline.of(model.clip()));
          shared.loading.complete(model);
          return;
        }
      }
      model.close();
      requireOpen();
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        entries.remove(name, shared);
      }
      shared.loading.completeExceptionally(e);
    }
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new CancellationException("the service stops");
    }
  }

  /** Whether it is loaded, and not only being loaded. */
  synchronized boolean isLoaded(String name) {
    return entries.containsKey(name) && entries.get(name).isLoaded();
  }

  /** As it was loaded last; empty of a model that was not loaded yet. */
  Optional<ModelOutline> known(String name) {
    return Optional.ofNullable(known.get(name));
  }

  private void done(Shared shared) {
    List<LoadedModel> unused = new ArrayList<>();
    synchronized (this) {
      shared.users--;
      entries
          .entrySet()
          .removeIf(
              entry -> {
                Shared each = entry.getValue();
                boolean free = each.users == 0 && !staysLoaded.test(entry.getKey());
                if (free) {
                  unused.add(each.await());
                }
                return free;
              });
    }
    unused.forEach(LoadedModel::close);
  }

  /**
   * Closes every model, for the end of the service; one that is at work still is left to the end of
   * the process, since its memory must not go under it.
   */
  @Override
  public void close() {
    List<LoadedModel> unused;
    synchronized (this) {
      closed = true;
      unused =
          entries.values().stream().filter(each -> each.users == 0).map(Shared::await).toList();
      entries.clear();
    }
    unused.forEach(LoadedModel::close);
  }

  /** A model that is loaded or being loaded, and how many work with it or wait for it. */
  private static final class Shared {
    private final CompletableFuture<LoadedModel> loading = new CompletableFuture<>();
    private int users;

    private boolean isLoaded() {
      return loading.isDone() && !loading.isCompletedExceptionally();
    }

    private LoadedModel await() {
      try {
        return loading.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      }
    }
  }

  /** A model that someone works with. */
  public final class InUse implements AutoCloseable {
    private final Shared shared;
    private final LoadedModel model;
    private boolean closed;

    private InUse(Shared shared, LoadedModel model) {
      this.shared = shared;
      this.model = model;
    }

    public LoadedModel model() {
      return model;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        done(shared);
      }
    }
  }
}
