package org.m2ib.engine;

import java.nio.charset.StandardCharsets;

/**
 * A counter-based random number generator. The number at an index depends only on the generator's
 * name and that index, so it is the same on every machine, in any order and in any batch.
 *
 * <p>The seed is the 64-bit FNV-1a hash of the name's UTF-8 bytes. The number at an index is the
 * upper 53 bits of SplitMix64's output function of {@code seed + index + 0x9E3779B97F4A7C15}. This
 * is not SplitMix64's own sequence, whose state advances by that constant; here it advances by 1.
 */
public final class CounterRng {
  private final long seed;

  public CounterRng(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    this.seed = hash;
  }

  /** Returns a uniform number in [0, 1), a multiple of 2^-53. */
  public double at(long index) {
    long z = seed + index + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1.0p-53;
  }
}
