package org.m2ib.clip.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.m2ib.clip.ModelException;

/**
 * A weights file. Its tensors are mapped, copied once to the engine and unmapped, so that no second
 * copy stays in the heap or in memory pages.
 */
final class MappedFile implements AutoCloseable {
  private static final String LFS_POINTER = "version https://git-lfs";

  private final String name;
  private final FileChannel channel;
  private final long size;

  /**
   * @throws ModelException if the file cannot be opened or is a Git LFS pointer
   */
  MappedFile(Path file) {
    name = String.valueOf(file.getFileName());
    try {
      channel = FileChannel.open(file);
      size = channel.size();
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (startsWith(LFS_POINTER.getBytes(StandardCharsets.US_ASCII))) {
      close();
      throw new ModelException(
          name, "is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'");
    }
  }

  String name() {
    return name;
  }

  long size() {
    return size;
  }

  FileChannel channel() {
    return channel;
  }

  boolean startsWith(byte[] head) {
    return size >= head.length && bytes(0, head.length).equals(ByteBuffer.wrap(head));
  }

  /** Reads bytes into the heap, as a little-endian buffer. */
  ByteBuffer bytes(long position, int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new EOFException("it ends at byte " + channel.size());
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return buffer.flip();
  }

  /**
   * Copies a tensor to the engine.
   *
   * @param strides steps between neighbours along each axis, in values
   * @param position offset of the {@code length} bytes that hold its values
   * @return float32 of this shape, in memory owned by the engine
   * @throws ModelException if it is not of a weight type, is empty, has 2^31 bytes or more, or
   *     holds a value beyond float32
   */
  NDArray read(
      NDManager manager,
      String tensor,
      ElementType type,
      long[] shape,
      long[] strides,
      long position,
      long length) {
    if (!type.isWeights()) {
      throw ModelException.ofTensor(
          name, tensor, "is of type " + type + "; weights are F32, F16, BF16 or F64");
    }
    if (length < 1 || length > Integer.MAX_VALUE) {
      throw ModelException.ofTensor(
          name, tensor, "has " + length + " bytes; weights have 1 to " + Integer.MAX_VALUE);
    }
    ByteBuffer bytes;
    try {
      bytes = channel.map(MapMode.READ_ONLY, position, length).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw unreadable(e);
    }
    try {
      // The engine binding aborts the process when given bfloat16.
      boolean engineReads = type == ElementType.F32 || type == ElementType.F16;
      if (engineReads && Arrays.equals(strides, Strides.rowMajor(shape))) {
        DataType stored = type == ElementType.F16 ? DataType.FLOAT16 : DataType.FLOAT32;
        return copy(manager, bytes, stored, new Shape(shape));
      }
      ByteBuffer floats = Strides.floats(bytes, type, shape, strides);
      try {
        return copy(manager, floats, DataType.FLOAT32, new Shape(shape));
      } finally {
        Unmapper.free(floats);
      }
    } catch (ArithmeticException e) {
      throw ModelException.ofTensor(name, tensor, e.getMessage());
    } finally {
      Unmapper.free(bytes);
    }
  }

  private static NDArray copy(NDManager manager, ByteBuffer bytes, DataType type, Shape shape) {
    try (NDManager step = manager.newSubManager()) {
      NDArray view = step.create(bytes, shape, type);
      // toType copies only if the types differ, and the view's memory goes away with the buffer.
      NDArray owned =
          type == DataType.FLOAT32 ? view.duplicate() : view.toType(DataType.FLOAT32, false);
      owned.attach(manager);
      return owned;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // only read
    }
  }

  private ModelException unreadable(IOException e) {
    return new ModelException(name, "cannot be read: " + e.getMessage(), e);
  }

  /**
   * Frees a buffer's memory, for which Java 17 has no public call. Left to the garbage collector,
   * mappings would pile up.
   */
  private static final class Unmapper {
    private static final Object UNSAFE;
    private static final Method CLEANER;

    static {
      try {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        UNSAFE = field.get(null);
        CLEANER = type.getMethod("invokeCleaner", ByteBuffer.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    static void free(ByteBuffer direct) {
      try {
        CLEANER.invoke(UNSAFE, direct);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
