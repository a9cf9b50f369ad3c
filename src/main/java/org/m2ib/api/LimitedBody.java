package org.m2ib.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BiFunction;

/** A request's body as a resource reads it: limited, and with a refusal where it is cut off. */
public final class LimitedBody extends FilterInputStream {
  public static final int MOST_BYTES = 16 << 20;
  public static final String TOO_LARGE = "body: at most " + MOST_BYTES + " bytes";

  private final BiFunction<Integer, String, RuntimeException> refusal;
  private long read;

  /**
   * @param refusal by status (413, 400) and message
   */
  public LimitedBody(InputStream body, BiFunction<Integer, String, RuntimeException> refusal) {
    super(body);
    this.refusal = refusal;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    int count;
    try {
      count = in.read(bytes, offset, length);
    } catch (IOException e) {
      throw refusal.apply(400, "body: it ends early");
    }
    read += Math.max(count, 0);
    if (read > MOST_BYTES) {
      throw refusal.apply(413, TOO_LARGE);
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    return readNBytes((int) Math.min(count, 1 << 16)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
