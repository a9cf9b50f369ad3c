package org.m2ib.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TracesTest {
  private static String text(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static Throwable failure() {
    IOException cause = new IOException("Doe^John");
    cause.addSuppressed(new IllegalStateException("1970-01-01"));
    Exception failure = new IllegalArgumentException("PID 4711", cause);
    failure.addSuppressed(new RuntimeException("Roe^Jane", new Error("Moe")));
    return failure;
  }

  @Test
  void everyClassAndFrameStaysAndNoMessage() {
    Throwable failure = failure();
    String before = text(failure);
    String after = text(Traces.withoutMessages(failure));
    assertThat(after)
        .doesNotContain("Doe", "1970", "4711", "Roe", "Moe")
        .isEqualTo(before.replaceAll("(Exception|Error): [^\\n]*", "$1"))
        .contains("at org.m2ib.base.TracesTest.failure(TracesTest.java:");
    assertThat(Traces.withoutMessages(failure())).hasMessage("java.lang.IllegalArgumentException");
  }

  @Test
  void causesInACircleEnd() {
    Exception one = new Exception("one");
    Exception two = new Exception("two", one);
    one.initCause(two);
    one.addSuppressed(two);
    assertThat(text(Traces.withoutMessages(two)))
        .startsWith("java.lang.Exception")
        .doesNotContain("one", "two");
  }

  @Test
  void aMessageInTheTextOfAnExceptionOfItsOwnKindStaysOut() {
    class Quoting extends RuntimeException {
      @Override
      public String toString() {
        return "Doe^John";
      }

      @Override
      public String getLocalizedMessage() {
        return "Doe^John";
      }
    }
    assertThat(text(Traces.withoutMessages(new Quoting())))
        .startsWith(Quoting.class.getName())
        .doesNotContain("Doe");
  }
}
