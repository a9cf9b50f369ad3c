package org.m2ib.base;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Applies a deadline to a sequence of reads from a socket, so that a peer cannot hold a connection
 * by sending single bytes.
 */
public final class DeadlineInput extends FilterInputStream {
  private final Socket socket;
  private long end;
  private String reason;

  /** Begin a deadline before the first read. */
  public DeadlineInput(Socket socket) throws IOException {
    super(socket.getInputStream());
    this.socket = socket;
  }

  /**
   * @param what the message of the {@link SocketTimeoutException} of reads after the limit
   */
  public void begin(Duration limit, String what) {
    end = System.nanoTime() + limit.toNanos();
    reason = what + " within " + limit.toMillis() / 1000.0 + " s";
  }

  /** Throws the same exception as a read, for readers that swallow it. */
  public void check() throws SocketTimeoutException {
    if (millisLeft() <= 0) {
      throw new SocketTimeoutException(reason);
    }
  }

  private long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    check();
    try {
      socket.setSoTimeout((int) Math.max(1, millisLeft())); // 0 would be no limit
      return super.read(bytes, offset, length);
    } catch (SocketTimeoutException e) {
      throw new SocketTimeoutException(reason);
    }
  }
}
