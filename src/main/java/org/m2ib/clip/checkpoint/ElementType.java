package org.m2ib.clip.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** Element types of a checkpoint, named as in safetensors. */
enum ElementType {
  F64(8, "DoubleStorage"),
  F32(4, "FloatStorage"),
  F16(2, "HalfStorage"),
  BF16(2, "BFloat16Storage"),
  F8_E4M3(1, null),
  F8_E5M2(1, null),
  I64(8, "LongStorage"),
  I32(4, "IntStorage"),
  I16(2, "ShortStorage"),
  I8(1, "CharStorage"),
  U64(8, null),
  U32(4, null),
  U16(2, null),
  U8(1, "ByteStorage"),
  BOOL(1, "BoolStorage");

  private final int bytes;
  private final String storage;

  ElementType(int bytes, String storage) {
    this.bytes = bytes;
    this.storage = storage;
  }

  /** Returns the size of a value in bytes. */
  int bytes() {
    return bytes;
  }

  /** Returns whether weights may have this type. They are converted to float32. */
  boolean isWeights() {
    return this == F32 || this == F16 || this == BF16 || this == F64;
  }

  /** Returns whether its values are wider than float32 and are therefore rounded. */
  boolean isRounded() {
    return this == F64;
  }

  /**
   * @param name type name in a safetensors header
   */
  static Optional<ElementType> ofSafetensors(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * @param name name of the class in PyTorch's module {@code torch}
   */
  static Optional<ElementType> ofStorage(String name) {
    return Arrays.stream(values()).filter(type -> name.equals(type.storage)).findFirst();
  }
}
