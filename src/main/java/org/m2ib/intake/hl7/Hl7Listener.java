package org.m2ib.intake.hl7;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;

/**
 * Listens for HL7 v2 over MLLP (HL7 v2.5.1 Appendix C), with one {@link MllpConnection} per peer.
 *
 * <p>HAPI parses and encodes. Its SimpleServer is not used: it passes on text instead of the bytes
 * that must be stored, answers messages of one connection out of order, limits neither sizes nor
 * addresses, and logs parts of unreadable messages.
 */
public final class Hl7Listener implements Closeable {
  private static final Logger LOG = Logger.getLogger(Hl7Listener.class);

  /** How long the thread of a closed connection may take to end. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Hl7Settings settings;
  private final Hl7Intake intake;
  private final ServerSocket server;
  private final Semaphore free;
  private final Set<MllpConnection> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  /**
   * Starts listening.
   *
   * @throws IOException if the port is not available; the message names it
   */
  public Hl7Listener(Hl7Settings settings, Hl7Intake intake) throws IOException {
    this.settings = settings;
    this.intake = intake;
    this.free = new Semaphore(settings.maxConnections());
    this.server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw new IOException(
          "cannot listen for HL7 on "
              + settings.host()
              + ":"
              + settings.port()
              + " (m2ib.hl7.host, m2ib.hl7.port): "
              + e.getMessage(),
          e);
    }
    this.threads = Executors.newCachedThreadPool(Threads.named("hl7"));
    threads.execute(this::accept);
    LOG.infof(
        "HL7 v2 (MLLP) on %s:%d%s",
        settings.host(), port(), settings.tls().isEmpty() ? "" : " with TLS");
  }

  /** Returns the actual port. */
  public int port() {
    return server.getLocalPort();
  }

  /** Returns whether it accepts connections, for the readiness check. */
  public boolean isListening() {
    return !server.isClosed();
  }

  Set<MllpConnection> connections() {
    return open;
  }

  /** Closes the port and all connections. Senders repeat what was not acknowledged. */
  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(MllpConnection::close);
    threads.shutdown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (!acquire()) {
          LOG.warnf(
              "HL7 connection refused: %d are open and none is idle", settings.maxConnections());
          socket.close();
          continue;
        }
        MllpConnection connection = connection(socket);
        open.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException | RuntimeException e) {
        if (!server.isClosed()) {
          LOG.warnf("cannot accept an HL7 connection: %s", e.getMessage());
          LockSupport.parkNanos(100_000_000); // out of file handles: do not spin
        }
      }
    }
  }

  private MllpConnection connection(Socket socket) throws IOException {
    try {
      return new MllpConnection(
          socket,
          settings.tls().isEmpty() ? socket : settings.tls().get().accept(socket),
          settings,
          intake);
    } catch (IOException | RuntimeException e) { // already closed by the peer
      free.release();
      socket.close();
      throw e;
    }
  }

  /**
   * Makes room for one more connection, if necessary by closing the one that has been idle longest.
   */
  private boolean acquire() {
    if (free.tryAcquire()) {
      return true;
    }
    boolean closed =
        open.stream()
            .filter(MllpConnection::isIdle)
            .sorted(Comparator.comparingLong(c -> c.idleSince() - System.nanoTime()))
            .anyMatch(MllpConnection::closeIfIdle);
    if (closed) {
      LOG.warnf(
          "%d HL7 connections are open; closed the one that was idle longest to accept a new one",
          settings.maxConnections());
    }
    try {
      return closed && free.tryAcquire(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void serve(MllpConnection connection) {
    try {
      connection.serve();
    } finally {
      open.remove(connection);
      free.release();
    }
  }
}
