package org.m2ib.clip.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.clip.Tap;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.CounterRng;
import org.m2ib.engine.Precision;

/**
 * Linear layers, attention and the MLP in bfloat16, against float32 and products of numbers rounded
 * here.
 */
class LinearTest {
  private static final int IN = 24;
  private static final int OUT = 40;

  /** Half of the last of bfloat16's 8 bits. */
  private static final double ROUNDING = 0x1p-8;

  private final NDManager manager = ClipModel.newManager("cpu");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theProductIsThatOfRoundedNumbersAndIsFloat32() {
    float[] x = values("x", 3 * IN);
    float[] w = values("w", OUT * IN);
    float[] b = values("b", OUT);
    Linear linear = new Linear(array(w, OUT, IN), array(b, OUT));
    NDArray states = array(x, 3, IN);
    float[] exact = linear.apply(states).toFloatArray();
    float[] reduced = reduced(() -> linear.apply(states));
    assertThat(reduced).isNotEqualTo(exact);
    for (int row = 0; row < 3; row++) {
      for (int o = 0; o < OUT; o++) {
        double sum = rounded(b[o]);
        for (int i = 0; i < IN; i++) {
          sum += (double) rounded(x[row * IN + i]) * rounded(w[o * IN + i]);
        }
        double expected = rounded((float) sum);
        assertThat((double) reduced[row * OUT + o])
            .isCloseTo(expected, within(ROUNDING * Math.abs(expected) + 1e-6));
      }
    }
    assertThat(linear.apply(states).toFloatArray()).isEqualTo(exact); // bit for bit, as before
  }

  @Test
  void withoutABiasAndOfATransposedMatrixToo() {
    Linear linear = new Linear(array(values("w", IN * OUT), IN, OUT).transpose(), null);
    NDArray x = array(values("x", 2 * IN), 2, IN);
    assertClose(reduced(() -> linear.apply(x)), linear.apply(x).toFloatArray());
  }

  @ParameterizedTest
  @EnumSource
  void theMlpAndItsGradientAreClose(Activation activation) {
    Linear fc1 = new Linear(array(values("w1", OUT * IN), OUT, IN), array(values("b1", OUT), OUT));
    Linear fc2 = new Linear(array(values("w2", IN * OUT), IN, OUT), array(values("b2", IN), IN));
    NDArray x = array(values("x", 2 * 3 * IN), 2, 3, IN);
    Function<NDArray, NDArray> mlp = h -> activation.mlp(h, h, fc1, fc2);
    assertCloseWithGradient(x, mlp);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLayerAndItsGradientAreClose(boolean masked) {
    LayerNorm norm =
        new LayerNorm(manager.ones(new Shape(IN)), manager.zeros(new Shape(IN)), 1e-5f);
    EncoderLayer layer =
        new EncoderLayer(
            0,
            new Layers.Form(3, Activation.GELU, true),
            new Layers.Parts(
                norm,
                norm,
                linear("q", IN, IN),
                linear("k", IN, IN),
                linear("v", IN, IN),
                linear("o", IN, IN),
                linear("1", OUT, IN),
                linear("2", IN, OUT)));
    NDArray x = array(values("x", 2 * 4 * IN), 2, 4, IN);
    float far = -1e9f;
    NDArray mask = // a token sees itself and those before it
        masked
            ? array(new float[] {0, far, far, far, 0, 0, far, far, 0, 0, 0, far, 0, 0, 0, 0}, 4, 4)
            : null;
    Function<NDArray, NDArray> apply = h -> layer.apply(h, mask, Tap.NONE);
    assertCloseWithGradient(x, apply);
  }

  /** As large as trained ones are, so that no score is far from the others. */
  private Linear linear(String name, int out, int in) {
    NDArray weight = array(values(name, out * in), out, in).div(Math.sqrt(in));
    return new Linear(weight, name.equals("k") ? null : array(values("b" + name, out), out));
  }

  @Test
  void theRoundedWeightsAreMadeOnce() {
    Linear linear = new Linear(array(values("w", OUT * IN), OUT, IN), null);
    NDArray x = array(values("x", IN), 1, IN);
    reduced(() -> linear.apply(x));
    assertThat(linear.rounded()).isSameAs(linear.rounded());
  }

  private static float[] reduced(Supplier<NDArray> computation) {
    return Precision.BFLOAT16.during(computation).toFloatArray();
  }

  private static void assertCloseWithGradient(NDArray x, Function<NDArray, NDArray> part) {
    assertClose(reduced(() -> part.apply(x)), part.apply(x).toFloatArray());
    Autograd.Result exact = Autograd.of(x, h -> part.apply(h).square().sum());
    Autograd.Result reduced =
        Autograd.of(x, h -> Precision.BFLOAT16.during(() -> part.apply(h)).square().sum());
    assertClose(reduced.gradient().toFloatArray(), exact.gradient().toFloatArray());
    assertThat(reduced.gradient().toFloatArray()).isNotEqualTo(exact.gradient().toFloatArray());
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (float e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(4 * ROUNDING * largest));
    }
  }

  private NDArray array(float[] values, long... shape) {
    return manager.create(values, new Shape(shape));
  }

  /** Uniform in [-1, 1). */
  private static float[] values(String name, int n) {
    CounterRng uniform = new CounterRng(name);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (2 * uniform.at(i) - 1);
    }
    return values;
  }

  /** To the nearest of the upper 16 bits, ties to even. */
  private static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000);
  }
}
