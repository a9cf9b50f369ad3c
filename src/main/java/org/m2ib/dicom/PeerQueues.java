package org.m2ib.dicom;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.m2ib.base.Threads;

/**
 * Work for peers, in order and one piece at a time for each, so that a peer that is silent holds up
 * none but itself. Thread-safe.
 */
final class PeerQueues implements AutoCloseable {
  private final ExecutorService threads;
  private final Map<String, Queue<Runnable>> queues = new HashMap<>();

  /**
   * @param name of the threads
   */
  PeerQueues(String name) {
    this.threads = Executors.newCachedThreadPool(Threads.named(name));
  }

  /**
   * Queues work, which must throw nothing.
   *
   * @throws RejectedExecutionException after {@link #close}
   */
  synchronized void add(String peer, Runnable work) {
    if (threads.isShutdown()) {
      throw new RejectedExecutionException();
    }
    Queue<Runnable> queue = queues.get(peer);
    if (queue != null) {
      queue.add(work);
      return;
    }
    queues.put(peer, new ArrayDeque<>());
    threads.execute(() -> drain(peer, work));
  }

  /** Whether work for a peer is under way. */
  synchronized boolean isBusy(String peer) {
    return queues.containsKey(peer);
  }

  private void drain(String peer, Runnable first) {
    for (Runnable work = first; work != null; work = next(peer)) {
      work.run();
    }
  }

  private synchronized Runnable next(String peer) {
    Runnable work = threads.isShutdown() ? null : queues.get(peer).poll();
    if (work == null) {
      queues.remove(peer);
    }
    return work;
  }

  /** Begins nothing more. Interrupts nothing, which would close an embedded database. */
  @Override
  public synchronized void close() {
    threads.shutdown();
  }
}
