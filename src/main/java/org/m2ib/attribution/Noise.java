package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.m2ib.engine.CounterRng;

/**
 * The bottleneck's counter-based standard normal noise: the value for (step, sample, token,
 * channel) is number ((step * S + sample) * T + token) * D + channel of its seed's stream, by
 * Box-Muller from two uniform streams {@code seed/r} and {@code seed/a}. {@link StrictMath} makes
 * it identical on every machine, to the last digit. {@link NoiseKind} says what steps and samples
 * share.
 *
 * <p>Every shape reads the same stream from its start, so one cached prefix serves all sentences.
 * Numbers beyond the cache are computed on demand.
 */
public final class Noise implements AutoCloseable {
  /**
   * Maximum number of cached values: 64 MiB of float32; ViT-B/16 with 10 x 10 samples needs 58 MiB.
   */
  static final int CACHE = 16 << 20;

  private final NoiseKind kind;
  private final CounterRng radius;
  private final CounterRng angle;
  private final NDManager manager;
  private NDArray prefix;

  /** Independent noise. */
  public Noise(NDManager parent, String seed) {
    this(parent, seed, NoiseKind.INDEPENDENT);
  }

  /**
   * @param parent receives the cached numbers
   * @param seed any text
   */
  public Noise(NDManager parent, String seed, NoiseKind kind) {
    this.kind = kind;
    this.radius = new CounterRng(seed + "/r");
    this.angle = new CounterRng(seed + "/a");
    this.manager = parent.newSubManager();
  }

  /**
   * Noise of one step for pairs whose states have T tokens, of which the first few are their own.
   *
   * @param into receives the result
   * @param lengths N: number of each pair's own tokens
   * @return (1, S, T, D) if all have the same length, else (N, S, T, D) with 0 after the end of a
   *     shorter one
   */
  NDArray step(NDManager into, int step, int s, int[] lengths, long t, long d) {
    int first = lengths[0];
    if (first == t && Arrays.stream(lengths).allMatch(length -> length == first)) {
      return step(into, step, s, first, (int) d).expandDims(0);
    }
    NDList all = new NDList();
    for (int length : lengths) {
      NDArray own = step(into, step, s, length, (int) d);
      all.add(length == t ? own : own.concat(into.zeros(new Shape(s, t - length, d)), 1));
    }
    return NDArrays.stack(all);
  }

  /**
   * @param into receives the result
   * @param s number of samples; even if antithetic
   * @return (S, T, D) of one step
   */
  NDArray step(NDManager into, int step, int s, int t, int d) {
    return switch (kind) {
      case INDEPENDENT -> drawn(into, step, s, t, d);
      case COMMON -> drawn(into, 0, s, t, d);
      case ANTITHETIC -> {
        NDArray half = drawn(into, step, s / 2, t, d);
        yield half.concat(half.neg());
      }
    };
  }

  private NDArray drawn(NDManager into, int step, int s, int t, int d) {
    long n = (long) s * t * d;
    long first = step * n;
    Shape shape = new Shape(s, t, d);
    return first + n <= CACHE
        ? cached(into, (int) first, (int) n).reshape(shape)
        : into.create(values(first, Math.toIntExact(n)), shape);
  }

  /** The first numbers of the stream in any shape. */
  public NDArray ofShape(NDManager into, Shape shape) {
    return into.create(values(0, Math.toIntExact(shape.size())), shape);
  }

  /** Computes the numbers of a whole run at once, if they fit. */
  void prepare(int steps, int s, int t, int d) {
    long n =
        switch (kind) {
          case INDEPENDENT -> (long) steps * s * t * d;
          case COMMON -> (long) s * t * d;
          case ANTITHETIC -> (long) steps * s / 2 * t * d;
        };
    if (n <= CACHE) {
      grow((int) n);
    }
  }

  /** Numbers first to first + n - 1 of the stream. */
  float[] values(long first, int n) {
    float[] values = new float[n];
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              double r = StrictMath.sqrt(-2 * StrictMath.log(1 - radius.at(first + i)));
              values[i] = (float) (r * StrictMath.cos(2 * Math.PI * angle.at(first + i)));
            });
    return values;
  }

  @Override
  public void close() {
    manager.close();
  }

  private synchronized NDArray cached(NDManager into, int first, int n) {
    grow(first + n);
    return prefix.get(into, new NDIndex("{}:{}", first, first + n));
  }

  /**
   * The numbers are in the engine's memory, not in Java's: a view keeps older numbers alive, so
   * other threads are not affected.
   */
  private synchronized void grow(int n) {
    int have = prefix == null ? 0 : (int) prefix.size();
    if (have >= n) {
      return;
    }
    try (NDArray java = manager.create(values(have, n - have))) {
      NDArray old = prefix;
      prefix = old == null ? java.duplicate() : old.concat(java);
      if (old != null) {
        old.close();
      }
    }
  }
}
