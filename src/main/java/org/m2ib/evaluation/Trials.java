package org.m2ib.evaluation;

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
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** Runs one task for each seed on several threads; a seed's result depends on nothing else. */
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
   * @param first seed of count in a row; those that the file has are not run again
   * @param watch told of each result, those of the file first
   * @return in the order of their seeds
   */
  List<T> run(long first, int count, int workers, Watch watch) throws IOException {
    Map<Long, T> results = new HashMap<>();
    for (T result : file.before()) {
      long seed = seedOf.applyAsLong(result);
      if (seed >= first && seed < first + count) {
        results.put(seed, result);
      }
    }
    watch.start(results.size(), count);
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      Map<Long, Future<T>> running = new HashMap<>();
      for (long seed = first; seed < first + count; seed++) {
        if (!results.containsKey(seed)) {
          long own = seed;
          running.put(seed, pool.submit(() -> one(own, watch)));
        }
      }
      List<T> ordered = new ArrayList<>();
      for (long seed = first; seed < first + count; seed++) {
        ordered.add(running.containsKey(seed) ? result(running.get(seed)) : results.get(seed));
      }
      return ordered;
    } finally {
      pool.shutdownNow();
      watch.end();
    }
  }

  private T one(long seed, Watch watch) throws IOException {
    T result = task.apply(seed);
    file.append(result);
    watch.advance();
    return result;
  }

  private static <T> T result(Future<T> future) throws IOException {
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
          "a phantom could not be measured: " + e.getCause().getMessage(), e.getCause());
    }
  }
}
