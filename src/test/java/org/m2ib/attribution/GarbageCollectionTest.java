package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Towers;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.InferenceEngine;

/** The engine's backward pass reads what its forward pass left: all of it must still be there. */
class GarbageCollectionTest {
  private final Golden golden = new Golden("tiny-clip");

  @Test
  void aCollectionBetweenForwardAndBackwardLeavesTheGradientOfTheImageSide() {
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      Towers clip = golden.towers(manager);
      NDArray z = noise(manager, clip.image().tokens(0), clip.image().width(0));
      assertSameGradient(z, direction(manager), h -> clip.image().suffix(h, golden.layer()));
    }
  }

  @Test
  void aCollectionBetweenForwardAndBackwardLeavesTheGradientOfTheTextSide() {
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      Towers clip = golden.towers(manager);
      NDArray z = noise(manager, golden.tokens().size(), clip.text().width());
      assertSameGradient(
          z,
          direction(manager),
          h -> clip.text().suffix(h, List.of(golden.tokens()), golden.layer()));
    }
  }

  private static void assertSameGradient(
      NDArray z, NDArray direction, UnaryOperator<NDArray> suffix) {
    UnaryOperator<NDArray> fit =
        x ->
            InformationBottleneck.fit(
                suffix.apply(x), InformationBottleneck.unit(direction).expandDims(0));
    float[] alone = Autograd.of(z, fit).gradient().toFloatArray();
    UnaryOperator<NDArray> disturbed =
        x -> {
          NDArray value = fit.apply(x);
          collectGarbage();
          return value;
        };
    // But for the last digits: the engine adds in an order that depends on where tensors lie.
    assertThat(Autograd.of(z, disturbed).gradient().toFloatArray())
        .containsExactly(alone, Offset.offset(1e-5f));
  }

  private static NDArray noise(NDManager manager, int tokens, int width) {
    try (Noise noise = new Noise(manager, "noise")) {
      return noise.step(manager, 0, 4, tokens, width);
    }
  }

  /** (1, E). */
  private NDArray direction(NDManager manager) {
    return noise(manager, 1, golden.sizes().projection()).get("0, :, :");
  }

  /**
   * Returns once all buffers that were unreachable at the call are freed. Buffers go one
   * collection's after the other's, so the second marker comes when the first collection's are
   * gone.
   */
  private static void collectGarbage() {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    for (int i = 0; i < 2; i++) {
      Reference<Object> marker = new PhantomReference<>(new Object(), collected);
      System.gc();
      try {
        assertThat((Object) collected.remove(10_000)).as("collected within 10 s").isSameAs(marker);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
