package org.m2ib.clip.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory layout of a tensor: steps between neighbours along each axis, in values. */
final class Strides {
  private Strides() {}

  /** Returns the strides without gaps, last axis fastest. */
  static long[] rowMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }

  /**
   * Gathers values in row-major order as float32.
   *
   * @param bytes bytes from the first value on, little-endian
   * @param type a weight type
   * @return a direct, little-endian buffer
   * @throws ArithmeticException if there are too many values for a buffer, or one exceeds float32
   */
  static ByteBuffer floats(ByteBuffer bytes, ElementType type, long[] shape, long[] strides) {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    if (count > Integer.MAX_VALUE / Float.BYTES) {
      throw new ArithmeticException("has " + count + " values, too many to rearrange");
    }
    ByteBuffer floats =
        ByteBuffer.allocateDirect(Float.BYTES * (int) count).order(ByteOrder.LITTLE_ENDIAN);
    int last = shape.length - 1;
    int row = last < 0 ? 1 : (int) shape[last];
    int step = last < 0 ? 0 : (int) strides[last];
    long[] index = new long[shape.length];
    int start = 0;
    while (floats.hasRemaining()) {
      row(bytes, type, start, step, row, floats);
      for (int axis = last - 1; axis >= 0; axis--) {
        start += (int) strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        start -= (int) (strides[axis] * shape[axis]);
        index[axis] = 0;
      }
    }
    return floats.flip();
  }

  private static void row(
      ByteBuffer bytes, ElementType type, int start, int step, int count, ByteBuffer floats) {
    switch (type) {
      case F32 -> {
        for (int i = 0, at = start; i < count; i++, at += step) {
          floats.putFloat(bytes.getFloat(Float.BYTES * at));
        }
      }
      case F16 -> {
        for (int i = 0, at = start; i < count; i++, at += step) {
          floats.putFloat(half(bytes.getShort(Short.BYTES * at)));
        }
      }
      case BF16 -> {
        for (int i = 0, at = start; i < count; i++, at += step) {
          floats.putFloat(Float.intBitsToFloat(bytes.getShort(Short.BYTES * at) << 16));
        }
      }
      case F64 -> {
        for (int i = 0, at = start; i < count; i++, at += step) {
          floats.putFloat(rounded(bytes.getDouble(Double.BYTES * at)));
        }
      }
      default -> throw new IllegalArgumentException(type + " are not weights");
    }
  }

  private static float rounded(double value) {
    float rounded = (float) value;
    if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
      throw new ArithmeticException("holds " + value + ", which is beyond float32");
    }
    return rounded;
  }

  /** Decodes IEEE 754 binary16. */
  private static float half(short bits) {
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
