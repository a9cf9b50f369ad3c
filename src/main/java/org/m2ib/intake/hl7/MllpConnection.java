package org.m2ib.intake.hl7;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.jboss.logging.Logger;
import org.m2ib.base.DeadlineInput;
import org.m2ib.base.Traces;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsException;

/**
 * One MLLP connection (HL7 v2.5.1 Appendix C): {@code 0B message 1C 0D}, with answers in the same
 * frame, in order.
 */
final class MllpConnection {
  private static final Logger LOG = Logger.getLogger(MllpConnection.class);
  private static final int START = 0x0B;
  private static final int END = 0x1C;

  /** Bytes that are kept of what comes without a frame: enough for its MSH. */
  private static final int MOST_SKIPPED = 1 << 12;

  private enum State {
    /** Between messages. It can be closed without loss. */
    IDLE,
    /** A message is being received or answered. */
    BUSY,
    CLOSED
  }

  private final Socket tcp;
  private final Socket socket;
  private volatile boolean negotiated;
  private final Hl7Settings settings;
  private final Hl7Intake intake;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private volatile long idleSince = System.nanoTime();

  /** Whether FS was received and its CR is awaited. */
  private boolean endBegun;

  /**
   * @param tcp the connection
   * @param socket the same, or TLS on it
   */
  MllpConnection(Socket tcp, Socket socket, Hl7Settings settings, Hl7Intake intake) {
    this.tcp = tcp;
    this.socket = socket;
    this.settings = settings;
    this.intake = intake;
  }

  boolean isIdle() {
    return state.get() == State.IDLE;
  }

  /** In the time of {@link System#nanoTime}. */
  long idleSince() {
    return idleSince;
  }

  /**
   * Closes the connection if it is idle.
   *
   * @return false if a message is being received or answered
   */
  boolean closeIfIdle() {
    if (!state.compareAndSet(State.IDLE, State.CLOSED)) {
      return false;
    }
    close();
    return true;
  }

  /** Closes the connection at once. The sender repeats what was not acknowledged. */
  void close() {
    try {
      // closing TLS in the middle of a handshake would wait for it
      (negotiated ? socket : tcp).close();
    } catch (IOException e) {
      LOG.debugf("HL7 connection did not close: %s", e.getMessage());
    }
  }

  /** Serves messages until the peer disconnects, a timeout expires, or {@link #close} is called. */
  void serve() {
    try (socket) {
      socket.setKeepAlive(true);
      socket.setTcpNoDelay(true);
      handshake();
      DeadlineInput deadline = new DeadlineInput(socket);
      InputStream in = new BufferedInputStream(deadline);
      OutputStream out = socket.getOutputStream();
      while (awaitStart(in, out, deadline) && state.compareAndSet(State.IDLE, State.BUSY)) {
        List<byte[]> answers = answersToNext(in, out, deadline);
        if (answers == null) {
          return;
        }
        write(out, answers);
        idleSince = System.nanoTime();
        state.set(State.IDLE);
      }
    } catch (SocketTimeoutException e) {
      LOG.warnf("HL7 connection closed: %s", e.getMessage());
    } catch (IOException e) {
      LOG.debugf("HL7 connection ended: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("HL7 connection closed", Traces.withoutMessages(e));
    }
  }

  private void handshake() throws IOException {
    if (socket instanceof SSLSocket secured) {
      socket.setSoTimeout((int) settings.messageTimeout().toMillis());
      try {
        Tls.handshake(secured);
        negotiated = true;
      } catch (TlsException e) {
        LOG.warnf("HL7: %s (from %s)", e.getMessage(), socket.getInetAddress().getHostAddress());
        throw e;
      }
    }
  }

  /**
   * Skips bytes between messages, which MLLP says to ignore. A message among them came without its
   * frame: it is answered, so that its sender does not wait for nothing.
   *
   * @return false at the end of the stream
   */
  private boolean awaitStart(InputStream in, OutputStream out, DeadlineInput deadline)
      throws IOException {
    deadline.begin(settings.idleTimeout(), "no message began");
    ByteArrayOutputStream skipped = new ByteArrayOutputStream();
    try {
      int b = in.read();
      while (b >= 0 && b != START) {
        if (skipped.size() == 0 && b > ' ') {
          deadline.begin(settings.messageTimeout(), "a message came without a frame");
        }
        if (b == END) {
          if (answerUnframed(out, skipped)) {
            deadline.begin(settings.idleTimeout(), "no message began");
          }
        } else if (skipped.size() < MOST_SKIPPED && (skipped.size() > 0 || b > ' ')) {
          skipped.write(b);
        }
        b = in.read();
      }
      answerUnframed(out, skipped);
      return b == START;
    } catch (SocketTimeoutException e) {
      answerUnframed(out, skipped);
      throw e;
    }
  }

  /**
   * @return false if it was not a message
   */
  private boolean answerUnframed(OutputStream out, ByteArrayOutputStream skipped)
      throws IOException {
    byte[] bytes = skipped.toByteArray();
    skipped.reset();
    if (Hl7Header.of(Hl7Charset.latin(bytes)).fields().isEmpty()) {
      if (bytes.length > 0) {
        LOG.warnf("HL7: %d bytes outside a frame ignored", bytes.length);
      }
      return false;
    }
    write(out, intake.answersUnframed(bytes));
    return true;
  }

  /**
   * Reads up to the end of the frame, FS CR, and answers. An FS alone belongs to the message,
   * unless nothing follows it in time. Only the start of an oversized message is kept.
   *
   * @return null if the connection was lost
   */
  private List<byte[]> answersToNext(InputStream in, OutputStream out, DeadlineInput deadline)
      throws IOException {
    deadline.begin(settings.messageTimeout(), "a message began but did not end");
    ByteArrayOutputStream message = new ByteArrayOutputStream(1 << 12);
    try {
      return answers(in, message);
    } catch (SocketTimeoutException e) {
      byte[] received = message.toByteArray();
      if (endBegun || Hl7Charset.latin(received).matches("(?s).*\u001C[\r\n ]*")) {
        write(out, intake.answersUnframed(received));
      }
      throw e;
    }
  }

  private List<byte[]> answers(InputStream in, ByteArrayOutputStream message) throws IOException {
    boolean tooLong = false;
    int b = in.read();
    while (true) {
      int next = -1;
      if (b == END) {
        endBegun = true;
        next = in.read();
        endBegun = false;
        if (next == '\r') {
          break;
        }
      }
      if (b < 0 || (b == END && next < 0)) {
        LOG.warnf(
            "HL7 connection lost after %d bytes of a message; nothing was stored", message.size());
        return null;
      }
      if (b == START) {
        LOG.warnf(
            "HL7 message discarded after %d bytes: another began before FS CR", message.size());
        message.reset();
        tooLong = false;
      } else if (message.size() < settings.maxMessageBytes()) {
        message.write(b);
      } else {
        tooLong = true;
      }
      b = b == END ? next : in.read();
    }
    byte[] bytes = message.toByteArray();
    return tooLong ? intake.answersTooLong(bytes) : intake.answers(bytes);
  }

  private static void write(OutputStream out, List<byte[]> answers) throws IOException {
    for (byte[] answer : answers) {
      out.write(frame(answer));
      out.flush();
    }
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
