package org.m2ib.cli.options;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.m2ib.lab.experiments.ProgressListener;

/**
 * Shows progress and remaining time of a long command on standard error: one line that is rewritten
 * on a terminal; otherwise, for many items, a line for each tenth. Thread-safe.
 */
public final class Progress {
  private static final String CLEAR = "\r\u001b[K";
  private static final int MANY = 20;

  private final PrintWriter err;
  private final boolean terminal;
  private final String unit;
  private final int doneAtStart;
  private final int total;
  private final LongSupplier nanos;
  private final long start;
  private int done;

  /**
   * @param total number of maps
   */
  public Progress(PrintWriter err, int total) {
    this(err, "maps", 0, total, System::nanoTime);
  }

  /**
   * @param unit what is counted, in the plural
   * @param done number finished before this run
   * @param total number including those
   */
  public Progress(PrintWriter err, String unit, int done, int total, LongSupplier nanos) {
    this.err = err;
    this.terminal = System.console() != null;
    this.unit = unit;
    this.doneAtStart = done;
    this.done = done;
    this.total = total;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /**
   * For a run that only learns at its start how much an earlier one finished.
   *
   * @param unit what is counted, in the plural
   */
  public static ProgressListener listener(PrintWriter err, String unit) {
    return new ProgressListener() {
      private Progress progress;

      @Override
      public void start(int done, int total) {
        if (done > 0) {
          err.println("m2ib: %d of %d %s exist already".formatted(done, total, unit));
        }
        progress = new Progress(err, unit, done, total, System::nanoTime);
      }

      @Override
      public void advance() {
        progress.advance();
      }

      @Override
      public void end() {
        progress.clear();
      }
    };
  }

  public synchronized void advance() {
    done++;
    String line = "m2ib: %d of %d %s%s".formatted(done, total, unit, remaining());
    if (terminal) {
      err.print(CLEAR + line);
      err.flush();
    } else if (total >= MANY && 10L * done / total > 10L * (done - 1) / total) {
      err.println(line);
    }
  }

  /** Clears the line so that something else can be printed. */
  public synchronized void clear() {
    if (terminal) {
      err.print(CLEAR);
      err.flush();
    }
  }

  /** Assumes the mean time per item of this run. */
  private String remaining() {
    double seconds = (nanos.getAsLong() - start) / 1e9 / (done - doneAtStart) * (total - done);
    if (done == total) {
      return "";
    }
    return seconds < 90
        ? ", %.0f s left".formatted(seconds)
        : ", %.0f min left".formatted(seconds / 60);
  }
}
