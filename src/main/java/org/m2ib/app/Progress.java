package org.m2ib.app;

import java.io.PrintWriter;

/**
 * How far a long command is, on standard error: one line that is written over on a terminal; else,
 * where there is much to do, a line for each tenth.
 */
final class Progress {
  private static final String CLEAR = "\r\u001b[K";
  private static final int MANY = 20;

  private final PrintWriter err;
  private final boolean terminal;
  private final int total;
  private int done;

  /**
   * @param total maps to make
   */
  Progress(PrintWriter err, int total) {
    this.err = err;
    this.terminal = System.console() != null;
    this.total = total;
  }

  void advance() {
    done++;
    String line = "m2ib: %d of %d maps".formatted(done, total);
    if (terminal) {
      err.print(CLEAR + line);
      err.flush();
    } else if (total >= MANY && 10L * done / total > 10L * (done - 1) / total) {
      err.println(line);
    }
  }

  /** Takes the line away, so that something else can be printed. */
  void clear() {
    if (terminal) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
