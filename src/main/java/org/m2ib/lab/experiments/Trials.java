package org.m2ib.lab.experiments;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** Runs one task per seed on several threads; a seed's result depends on nothing else. */
final class Trials<T> {
  private final ResultsFile<T> file;
  private final ToLongFunction<T> seedOf;
  private final LongFunction<T> task;

  Trials(ResultsFile<T> file, ToLongFunction<T> seedOf, LongFunction<T> task) {
    this.file = file;
    this.seedOf = seedOf;
    this.task = task;
  }

  /**
   * @param first of count consecutive seeds; those in the file are not run again
   * @param listener receives each result, those of the file first
   * @return in the order of their seeds
   */
  List<T> run(long first, int count, int workers, ProgressListener listener) throws IOException {
    Map<Long, T> results = new HashMap<>();
    for (T result : file.before()) {
      long seed = seedOf.applyAsLong(result);
      if (seed >= first && seed < first + count) {
        results.put(seed, result);
      }
    }
    listener.start(results.size(), count);
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    Map<Long, Future<T>> running = new HashMap<>();
    try {
      for (long seed = first; seed < first + count; seed++) {
        if (!results.containsKey(seed)) {
          long own = seed;
          running.put(seed, pool.submit(() -> one(own, listener)));
        }
      }
      List<T> ordered = new ArrayList<>();
      for (long seed = first; seed < first + count; seed++) {
        ordered.add(
            running.containsKey(seed) ? result(seed, running.get(seed)) : results.get(seed));
      }
      return ordered;
    } finally {
      running.values().forEach(future -> future.cancel(false));
      finish(pool);
      listener.end();
    }
  }

  private T one(long seed, ProgressListener listener) throws IOException {
    T result = task.apply(seed);
    file.append(result);
    listener.advance();
    return result;
  }

  /** Running tasks finish and are written: they are not interrupted. */
  private static void finish(ExecutorService pool) {
    pool.shutdown();
    try {
      pool.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T result(long seed, Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted; what is done is kept");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(
          "phantom " + seed + " could not be measured: " + e.getCause().getMessage(), e.getCause());
    }
  }
}
