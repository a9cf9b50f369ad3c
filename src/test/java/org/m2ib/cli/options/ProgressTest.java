package org.m2ib.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aLineForEachTenthSaysHowLongItWillTakeByWhatThisRunTook() {
    Progress progress = progress(10, 40);
    for (int i = 0; i < 30; i++) {
      nanos.addAndGet(5_000_000_000L);
      progress.advance();
    }
    assertThat(err.toString().lines())
        .containsExactly(
            "m2ib: 12 of 40 phantoms, 2 min left",
            "m2ib: 16 of 40 phantoms, 2 min left",
            "m2ib: 20 of 40 phantoms, 2 min left",
            "m2ib: 24 of 40 phantoms, 80 s left",
            "m2ib: 28 of 40 phantoms, 60 s left",
            "m2ib: 32 of 40 phantoms, 40 s left",
            "m2ib: 36 of 40 phantoms, 20 s left",
            "m2ib: 40 of 40 phantoms");
  }

  @Test
  void aShortCommandSaysNothing() {
    Progress progress = progress(0, 19);
    for (int i = 0; i < 19; i++) {
      progress.advance();
    }
    progress.clear();
    assertThat(err.toString()).isEmpty();
  }

  private Progress progress(int done, int total) {
    return new Progress(new PrintWriter(err, true), "phantoms", done, total, nanos::get);
  }
}
