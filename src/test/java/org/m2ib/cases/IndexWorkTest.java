package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexWorkTest {
  private final AtomicInteger tries = new AtomicInteger();

  /** Fails so often with this SQLSTATE, then has nothing to do. */
  private IndexWork failing(int times, String state) {
    return new IndexWork(
        () -> {
          if (tries.incrementAndGet() <= times) {
            SQLException of = new SQLException("values", state);
            throw StorageUnavailableException.ofDatabase(new IllegalStateException(of));
          }
          return false;
        },
        Duration.ofSeconds(20),
        "behind");
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "HYT00", "55P03"})
  void aPartThatTheDatabaseHasRolledBackIsDoneAgain(String state) {
    failing(2, state).catchUp();
    assertThat(tries).hasValue(3);
  }

  @Test
  void whatIsRolledBackEachTimeFails() {
    assertThatThrownBy(() -> failing(100, "40001").catchUp())
        .isInstanceOf(StorageUnavailableException.class)
        .hasMessage("the database failed (SQLSTATE 40001)");
  }

  @Test
  void anotherFailureIsNotTriedAgain() {
    assertThatThrownBy(() -> failing(1, "08006").step())
        .hasMessage("the database failed (SQLSTATE 08006)");
    assertThat(tries).hasValue(1);
  }
}
