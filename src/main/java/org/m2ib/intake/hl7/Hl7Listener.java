package org.m2ib.intake.hl7;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;

/**
 * HL7 v2 over MLLP (HL7 v2.5.1 Appendix C): {@code 0B message 1C 0D}, answered in the same frame on
 * the same connection, in order.
 *
 * <p>HAPI parses and encodes; its SimpleServer is not used, because it hands over text instead of
 * the bytes that must be kept, answers messages of one connection out of order, has no limit of
 * size or address, and writes pieces of unreadable messages to the log.
 */
public final class Hl7Listener implements Closeable {
  private static final Logger LOG = Logger.getLogger(Hl7Listener.class);
  private static final int START = 0x0B;
  private static final int END = 0x1C;

  /** Once a message has begun, its next byte must come within this many milliseconds. */
  private static final int READ_TIMEOUT = 60_000;

  /** And all of it within this many nanoseconds, so that nobody holds a connection byte by byte. */
  private static final long MESSAGE_TIMEOUT = TimeUnit.MINUTES.toNanos(10);

  private final Hl7Settings settings;
  private final Hl7Intake intake;
  private final ServerSocket server;
  private final Semaphore free;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  /**
   * Listens from here on.
   *
   * @throws IOException when the port cannot be had; the message names it
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
    AtomicInteger count = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "hl7-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.execute(this::accept);
    LOG.infof("HL7 v2 (MLLP) on %s:%d", settings.host(), port());
  }

  /** The port really listened on. */
  public int port() {
    return server.getLocalPort();
  }

  /** Whether it takes connections; for the readiness check. */
  public boolean isListening() {
    return !server.isClosed();
  }

  /** Closes the port and every connection; what was not acknowledged will be sent again. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (!free.tryAcquire()) {
          LOG.warnf("HL7 connection refused: %d are open already", settings.maxConnections());
          socket.close();
          continue;
        }
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException | RuntimeException e) {
        if (!server.isClosed()) {
          LOG.warnf("HL7 connection not accepted: %s", e.getMessage());
          LockSupport.parkNanos(100_000_000); // out of file handles: do not spin
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setKeepAlive(true);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (awaitStart(socket, in)) {
        byte[] answer = answerNext(in);
        if (answer == null) {
          return;
        }
        out.write(frame(answer));
        out.flush();
      }
    } catch (SocketTimeoutException e) {
      LOG.warn("HL7 connection closed: a message was begun and not ended");
    } catch (IOException e) {
      LOG.debugf("HL7 connection ended: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("HL7 connection closed", Traces.withoutMessages(e));
    } finally {
      open.remove(socket);
      free.release();
    }
  }

  /** Skips what stands between messages, which MLLP says is nothing. False at the stream's end. */
  private static boolean awaitStart(Socket socket, InputStream in) throws IOException {
    socket.setSoTimeout(0);
    int b;
    do {
      b = in.read();
    } while (b >= 0 && b != START);
    socket.setSoTimeout(READ_TIMEOUT);
    return b == START;
  }

  /**
   * Reads to the end of the frame, which is FS and CR: an FS alone is the message's own. Of a
   * message too long only the start is held.
   */
  private byte[] answerNext(InputStream in) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream(1 << 12);
    boolean tooLong = false;
    long begun = System.nanoTime();
    int b = in.read();
    while (true) {
      int next = -1;
      if (b == END) {
        next = in.read();
        if (next == '\r') {
          break;
        }
      }
      if (b < 0 || (b == END && next < 0)) {
        LOG.warnf(
            "HL7 message lost its connection after %d bytes; nothing was kept", message.size());
        return null;
      }
      if (b == START) {
        LOG.warnf(
            "HL7 message given up after %d bytes: another began before FS CR ended it",
            message.size());
        message.reset();
        tooLong = false;
      } else if (message.size() < settings.maxMessageBytes()) {
        message.write(b);
      } else {
        tooLong = true;
      }
      if (System.nanoTime() - begun > MESSAGE_TIMEOUT) {
        throw new SocketTimeoutException();
      }
      b = b == END ? next : in.read();
    }
    byte[] bytes = message.toByteArray();
    return tooLong ? intake.answerTooLong(bytes) : intake.answer(bytes);
  }

  private static byte[] frame(byte[] message) {
    byte[] framed = new byte[message.length + 3];
    framed[0] = START;
    System.arraycopy(message, 0, framed, 1, message.length);
    framed[message.length + 1] = END;
    framed[message.length + 2] = '\r';
    return framed;
  }
}
