package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.methods.M2ibTest;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.imaging.ModelInput;

/** Tensors live outside Java's heap: what is left behind there, no garbage collector finds. */
class MemoryTest {
  private static final M2ibSettings SHORT = new M2ibSettings(9, 0.1, 3, 2, 1.0, "m2ib");
  private static final ModelInput INPUT = M2ibTest.input("a", 224);

  @Test
  void aThousandMapsLeaveNothingBehind() {
    try (ClipModel model = ClipModel.builtIn();
        Attributor m2ib = Methods.m2ib(model, SHORT);
        PreparedImage image = m2ib.prepare(INPUT)) {
      image.attribute(sentence(20)); // the longest: fills the cache of noise
      int weights = model.managedArrays();
      Held before = Held.byTheEngine();
      for (int i = 0; i < 250; i++) {
        image.attribute(
            List.of(
                sentence(1 + i % 20),
                sentence(7),
                sentence(1 + i * 3 % 20),
                sentence(20 - i % 20)));
      }
      assertThat(model.managedArrays()).isEqualTo(weights);
      assertThat(Held.byTheEngine()).isEqualTo(before);
    }
  }

  @Test
  void imagesModelsAndRefusedSentencesLeaveNothingBehind() {
    Held before = Held.byTheEngine();
    try (ClipModel model = ClipModel.builtIn();
        Attributor m2ib = Methods.m2ib(model, SHORT)) {
      m2ib.attribute(INPUT, sentence(3));
      Held loaded = Held.byTheEngine();
      for (int i = 0; i < 20; i++) {
        m2ib.attribute(INPUT, sentence(3));
        assertThat(refused(m2ib, M2ibTest.input("a", 112), "effusion")).isTrue();
        assertThat(refused(m2ib, INPUT, " ")).isTrue();
      }
      assertThat(Held.byTheEngine()).isEqualTo(loaded);
      assertThat(loaded.arrays()).isGreaterThan(before.arrays() + 100); // the weights are counted
    }
    assertThat(Held.byTheEngine()).isEqualTo(before);
  }

  private static String sentence(int words) {
    return "effusion ".repeat(words).strip();
  }

  private static boolean refused(Attributor m2ib, ModelInput input, String sentence) {
    try {
      m2ib.attribute(input, sentence);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** Arrays and managers that are open, counted from the engine's own manager down. */
  private record Held(int arrays, int managers) {

    static Held byTheEngine() {
      try (NDManager probe = InferenceEngine.start().newBaseManager(Device.cpu())) {
        Held held = under(probe.getParentManager());
        return new Held(held.arrays, held.managers - 1); // without the probe
      }
    }

    private static Held under(NDManager manager) {
      Held held = new Held(manager.getManagedArrays().size(), 1);
      for (Object resource : resources(manager).values()) {
        if (resource instanceof NDManager child) {
          Held below = under(child);
          held = new Held(held.arrays + below.arrays, held.managers + below.managers);
        }
      }
      return held;
    }

    /** A manager tells its arrays but not its children. */
    private static Map<?, ?> resources(NDManager manager) {
      try {
        var field = BaseNDManager.class.getDeclaredField("resources");
        field.setAccessible(true);
        return (Map<?, ?>) field.get(manager);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("this version of DJL keeps its resources elsewhere", e);
      }
    }
  }
}
