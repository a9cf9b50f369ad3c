package org.m2ib.dicom;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.aoju.bus.image.metric.internal.pdu.AAbort;
import org.jboss.logging.Logger;

/**
 * Limits how slowly an object may arrive. A sender that trickles bytes would otherwise hold its
 * association forever, because each single read succeeds.
 */
final class PacedInput extends FilterInputStream {
  private static final Logger LOG = Logger.getLogger(StoreScp.class);

  /** Minimum average rate in bytes per second. */
  private static final long LEAST = 1024;

  private final long graceMillis;
  private final long longest;
  private final long begun = System.nanoTime();
  private long read;

  /**
   * @param graceMillis time before the rate is enforced
   */
  PacedInput(InputStream in, long graceMillis) {
    this(in, graceMillis, Long.MAX_VALUE);
  }

  /**
   * @param longest most bytes
   */
  PacedInput(InputStream in, long graceMillis, long longest) {
    super(in);
    this.graceMillis = graceMillis;
    this.longest = longest;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    count(Math.max(n, 0));
    return n;
  }

  private void count(int n) throws IOException {
    read += n;
    if (read > longest) {
      LOG.warnf("DICOM: an association is aborted: a data set of more than %d bytes", longest);
      throw new AAbort();
    }
    long millis = (System.nanoTime() - begun) / 1_000_000;
    if (millis > graceMillis && read < LEAST * (millis - graceMillis) / 1000) {
      LOG.warnf("DICOM: an association is aborted: %d bytes of an object in %d ms", read, millis);
      throw new AAbort();
    }
  }
}
