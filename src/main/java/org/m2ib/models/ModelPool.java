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
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.clip.loading.ModelOutline;

/**
 * The loaded models, each shared by all its users. No lock is held while a model is loading:
 * whoever opens that model waits, and other models stay available.
 */
public final class ModelPool implements AutoCloseable {
  private final Function<String, LoadedModel> loader;
  private final Predicate<String> staysLoaded;
  private final Map<String, Shared> entries = new TreeMap<>();
  private final Map<String, ModelOutline> known = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * @param loader loads a model by name
   * @param staysLoaded whether a model stays loaded while no one has it open
   */
  ModelPool(Function<String, LoadedModel> loader, Predicate<String> staysLoaded) {
    this.loader = loader;
    this.staysLoaded = staysLoaded;
  }

  /**
   * Opens a model, which is loaded if necessary. It stays loaded until the returned handle is
   * closed.
   *
   * @throws org.m2ib.clip.ModelException if it cannot be loaded; the next call tries again
   * @throws CancellationException if the pool is closed
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

  /** Returns whether the model has finished loading. */
  synchronized boolean isLoaded(String name) {
    return entries.containsKey(name) && entries.get(name).isLoaded();
  }

  /** Returns the precision of a loaded model, or empty if it is not loaded. */
  synchronized Optional<PrecisionChoice> precision(String name) {
    return isLoaded(name) ? Optional.of(entries.get(name).await().precision()) : Optional.empty();
  }

  /** Returns a model's outline from when it was last loaded, or empty if it has not been. */
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
   * Closes all models when the service stops. One that is still working is left to the end of the
   * process, because its memory is in use.
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

  /** A model that is loaded or loading, with the number of its users, including those waiting. */
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

  /** A handle to an open model. */
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
