package org.m2ib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BareTraceTest {
  @Test
  void framesAreKeptAndMessagesAreNot() {
    Throwable failure = new IllegalStateException("SECRET", new IllegalArgumentException("SECRET"));
    StringWriter printed = new StringWriter();
    BareTrace.of(failure).printStackTrace(new PrintWriter(printed, true));
    assertThat(printed.toString())
        .contains("java.lang.IllegalStateException")
        .contains("Caused by: ", "java.lang.IllegalArgumentException")
        .contains("framesAreKeptAndMessagesAreNot")
        .doesNotContain("SECRET");
  }
}
