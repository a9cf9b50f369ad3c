package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.boot.Deployment;
import org.m2ib.clip.ModelException;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;

/** What other threads can do while a model is being loaded. */
class ModelPoolTest {
  private static final ModelRule.Study STUDY = new ModelRule.Study("DX", null, "PACS", null);

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Integer> loads = new ConcurrentHashMap<>();
  private final List<LoadedModel> loaded = new ArrayList<>();
  private final CountDownLatch loading = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Deployment service;
  private ModelRegistry models;

  /** Of {@code four}, once it is let go on. */
  private volatile RuntimeException failure;

  @BeforeEach
  void start() throws IOException {
    service = new Deployment(folder);
    M2ibConfig config = TestConfig.of(service.settings);
    models =
        new ModelRegistry(
            config.models(),
            name -> false,
            service.switches,
            name -> load(name, config),
            name -> LoadedModel.outline(name, config));
  }

  private LoadedModel load(String name, M2ibConfig config) {
    loads.merge(name, 1, Integer::sum);
    if (name.equals("four")) {
      loading.countDown();
      await(goOn);
      if (failure != null) {
        throw failure;
      }
    }
    LoadedModel model = LoadedModel.load(name, config);
    loaded.add(model);
    return model;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private <T> T soon(Callable<T> work) throws Exception {
    return threads.submit(work).get(60, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    threads.shutdown();
    models.close();
    service.close();
  }

  @Test
  void casesOfOtherModelsGoOnWhileOneIsActivated() throws Exception {
    Future<Boolean> activated = threads.submit(() -> models.activate("four", "ada"));
    await(loading);
    assertThat(soon(() -> models.choose(STUDY))).isEqualTo("default");
    for (String other : List.of("default", "wide")) {
      try (ModelPool.InUse model = soon(() -> models.open(other))) {
        assertThat(model.model().name()).isEqualTo(other);
      }
    }
    assertThat(soon(() -> models.isLoaded("four"))).isFalse();
    assertThat(activated.isDone()).isFalse();
    goOn.countDown();
    assertThat(activated.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(models.choose(STUDY)).isEqualTo("four");
    assertThat(models.isLoaded("four")).isTrue();
    assertThat(models.isLoaded("default")).as("off, and no one has it open").isFalse();
  }

  @Test
  void aSecondRequestWaitsForTheSameLoad() throws Exception {
    Future<ModelPool.InUse> first = threads.submit(() -> models.open("four"));
    await(loading);
    Future<ModelPool.InUse> second = threads.submit(() -> models.open("four"));
    goOn.countDown();
    try (ModelPool.InUse one = first.get(60, TimeUnit.SECONDS);
        ModelPool.InUse two = second.get(60, TimeUnit.SECONDS)) {
      assertThat(two.model()).isSameAs(one.model());
    }
    assertThat(loads).containsEntry("four", 1);
  }

  @Test
  void aLoadThatFailsLeavesTheActiveModelAndIsTriedAnew() throws Exception {
    failure = new ModelException("model.safetensors", "is missing");
    Future<Boolean> activated = threads.submit(() -> models.activate("four", "ada"));
    await(loading);
    goOn.countDown();
    assertThatThrownBy(() -> activated.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
    assertThat(models.defaultName()).isEqualTo("default");
    assertThat(models.choose(STUDY)).isEqualTo("default");
    assertThat(service.switches.all()).isEmpty();
    failure = null;
    assertThat(models.activate("four", "ada")).isTrue();
    assertThat(loads).containsEntry("four", 2);
  }

  @Test
  void whoWaitsForALoadThatFailsIsToldWhy() throws Exception {
    failure = new ModelException("model.safetensors", "is missing");
    Future<ModelPool.InUse> first = threads.submit(() -> models.open("four"));
    await(loading);
    Future<ModelPool.InUse> second = threads.submit(() -> models.open("four"));
    goOn.countDown();
    for (Future<?> each : List.of(first, second)) {
      assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS)).hasCause(failure);
    }
  }

  @Test
  void twoPersonsWhoActivateTheSameModelMakeOneSwitch() throws Exception {
    Future<Boolean> ada = threads.submit(() -> models.activate("four", "ada"));
    Future<Boolean> bob = threads.submit(() -> models.activate("four", "bob"));
    await(loading);
    goOn.countDown();
    assertThat(List.of(ada.get(60, TimeUnit.SECONDS), bob.get(60, TimeUnit.SECONDS)))
        .containsExactlyInAnyOrder(true, false);
    assertThat(service.switches.all()).hasSize(1);
  }

  @Test
  void aModelThatIsLoadedAfterTheEndIsClosedAtOnce() throws Exception {
    Future<ModelPool.InUse> late = threads.submit(() -> models.open("four"));
    await(loading);
    models.close();
    goOn.countDown();
    assertThatThrownBy(() -> late.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> loaded.get(loaded.size() - 1).clip().tokenizer().encode("Effusion."))
        .as("its memory is given back")
        .isInstanceOf(IllegalStateException.class);
  }
}
