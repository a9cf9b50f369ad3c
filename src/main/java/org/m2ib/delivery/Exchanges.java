package org.m2ib.delivery;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs exchanges with other machines, each on its own thread, so that the service can stop while
 * one of them is silent. Only these threads are interrupted: an embedded database does not tolerate
 * it.
 */
final class Exchanges implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "delivery");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @throws CancellationException if the service stops meanwhile; the outcome is unknown
   * @throws DeliveryException as thrown by the exchange
   */
  <T> T run(Callable<T> exchange) throws DeliveryException {
    Future<T> future;
    try {
      future = threads.submit(exchange);
    } catch (RejectedExecutionException e) {
      throw new CancellationException();
    }
    running.add(future);
    if (closed) {
      future.cancel(true);
    }
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (closed) { // its thread may be interrupted before the exchange is registered as running
        throw new CancellationException();
      }
      if (e.getCause() instanceof DeliveryException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } finally {
      running.remove(future);
    }
  }

  /** Aborts running exchanges; later ones are cancelled at once. */
  @Override
  public void close() {
    closed = true;
    running.forEach(future -> future.cancel(true));
    threads.shutdownNow();
  }
}
