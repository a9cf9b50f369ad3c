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
import org.m2ib.base.Threads;

/**
 * Runs exchanges with other machines on their own threads, so that the service can stop while a
 * peer is silent. Only these threads are interrupted, because an embedded database does not survive
 * interruption.
 */
final class Exchanges implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool(Threads.named("delivery"));
  private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @throws CancellationException if the service stops meanwhile; the outcome is then unknown
   * @throws DeliveryException if the exchange throws it
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
      if (closed) { // its thread may be interrupted before the exchange is registered
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

  /** Cancels running exchanges, and later ones at once. */
  @Override
  public void close() {
    closed = true;
    running.forEach(future -> future.cancel(true));
    threads.shutdownNow();
  }
}
