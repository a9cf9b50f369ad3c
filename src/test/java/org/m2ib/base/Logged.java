package org.m2ib.base;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while something runs. */
public final class Logged {
  private Logged() {}

  /** Returns its lines and stack traces. */
  public static String by(Class<?> source, Callable<?> work) throws Exception {
    return by(source.getName(), work);
  }

  /** Returns the lines and stack traces of all classes whose names begin with a package's. */
  public static String by(String source, Callable<?> work) throws Exception {
    StringWriter text = new StringWriter();
    Handler handler =
        new Handler() {
          @Override
          public synchronized void publish(LogRecord line) {
            PrintWriter out = new PrintWriter(text);
            out.println(line.getMessage());
            if (line.getThrown() != null) {
              line.getThrown().printStackTrace(out);
            }
            out.flush();
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(source);
    logger.addHandler(handler);
    try {
      work.call();
    } finally {
      logger.removeHandler(handler);
    }
    return text.toString();
  }
}
