package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsTest {
  record Result(long seed, String text) {}

  private static final class Count implements ProgressListener {
    private int before = -1;
    private int total;
    private final AtomicInteger now = new AtomicInteger();
    private boolean ended;

    @Override
    public void start(int done, int all) {
      before = done;
      total = all;
    }

    @Override
    public void advance() {
      now.incrementAndGet();
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  @TempDir Path folder;
  private final Set<Long> ran = ConcurrentHashMap.newKeySet();
  private Count count = new Count();

  @Test
  void resultsComeInTheOrderOfTheirSeedsWhateverTheWorkers() throws IOException {
    List<Result> one = run("one", 1, 40, 1, this::task);
    List<Result> four = run("four", 1, 40, 4, this::task);
    assertThat(one).isEqualTo(four).hasSize(40);
    assertThat(one)
        .extracting(Result::seed)
        .isEqualTo(LongStream.rangeClosed(1, 40).boxed().toList());
    assertThat(count.now).hasValue(40);
    assertThat(count.ended).isTrue();
  }

  @Test
  void whatIsThereIsNotRunAgain() throws IOException {
    run("f", 1, 10, 2, this::task);
    ran.clear();
    assertThat(run("f", 6, 10, 2, this::task))
        .extracting(Result::seed)
        .isEqualTo(LongStream.rangeClosed(6, 15).boxed().toList());
    assertThat(ran).containsExactlyInAnyOrder(11L, 12L, 13L, 14L, 15L);
    assertThat(count.before).isEqualTo(5);
    assertThat(count.total).isEqualTo(10);
  }

  @Test
  void aFailureEndsTheRunAndWhatWasDoneBeforeIsKept() throws IOException {
    assertThatThrownBy(
            () ->
                run(
                    "f",
                    1,
                    10,
                    1,
                    seed -> {
                      if (seed == 5) {
                        throw new IllegalArgumentException("no mask");
                      }
                      return task(seed);
                    }))
        .hasMessage("phantom 5 could not be measured: no mask");
    assertThat(count.ended).isTrue();
    ran.clear();
    run("f", 1, 10, 1, this::task);
    assertThat(ran).contains(5L).doesNotContain(1L, 2L, 3L, 4L);
  }

  private Result task(long seed) {
    ran.add(seed);
    return new Result(seed, "r" + seed * seed);
  }

  private List<Result> run(
      String name, long first, int phantoms, int workers, LongFunction<Result> task)
      throws IOException {
    count = new Count();
    try (ResultsFile<Result> file =
        new ResultsFile<>(folder.resolve(name), List.of(), Result.class)) {
      return new Trials<>(file, Result::seed, task).run(first, phantoms, workers, count);
    }
  }
}
