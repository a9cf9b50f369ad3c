package org.m2ib.clip.checkpoint;

import java.util.stream.LongStream;

/**
 * A tensor as described in a pickle: a view of a storage.
 *
 * @param storage key, element type and size of the storage
 * @param offset index of the first value in the storage
 * @param strides steps between neighbours along each axis, in values
 */
record PickledTensor(Storage storage, long offset, long[] shape, long[] strides) {

  /** Storage {@code data/KEY} of the archive. */
  record Storage(String key, ElementType type, long values) {

    /** Returns the archive entry that holds its values. */
    String entry() {
      return "data/" + key;
    }
  }

  /**
   * @throws IllegalArgumentException if a value lies outside the storage, or there are 2^63 or more
   */
  PickledTensor {
    if (shape.length != strides.length || offset < 0 || storage.values() < 0) {
      throw new IllegalArgumentException("has an invalid shape, stride or offset");
    }
    try {
      long count = 1;
      long last = offset;
      for (int axis = 0; axis < shape.length; axis++) {
        if (shape[axis] < 0 || strides[axis] < 0) {
          throw new IllegalArgumentException("has a negative size or stride");
        }
        count = Math.multiplyExact(count, shape[axis]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[axis] - 1), strides[axis]));
      }
      Math.multiplyExact(storage.values(), (long) storage.type().bytes());
      if (count > 0 && last >= storage.values()) {
        throw new IllegalArgumentException(
            "reaches value " + last + " of a storage of " + storage.values());
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("has an impossible shape, stride or storage", e);
    }
  }

  /** Returns the number of values. An expanded tensor may have more than its storage. */
  long values() {
    return LongStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  /** Returns the number of stored values from the first that it uses to the last. */
  long span() {
    long last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 0) {
        return 0;
      }
      last += (shape[axis] - 1) * strides[axis];
    }
    return last + 1;
  }
}
