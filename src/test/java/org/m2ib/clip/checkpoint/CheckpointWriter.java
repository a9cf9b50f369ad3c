package org.m2ib.clip.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.m2ib.clip.FormulaWeights;

/** Writes tensors of given names and shapes in each published file format, with formula weights. */
public final class CheckpointWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Types of weights. */
  public enum Type {
    F32("FloatStorage", 4),
    F16("HalfStorage", 2),
    BF16("BFloat16Storage", 2),
    F64("DoubleStorage", 8);

    private final String storage;
    private final int bytes;

    Type(String storage, int bytes) {
      this.storage = storage;
      this.bytes = bytes;
    }
  }

  private final Map<String, long[]> shapes;
  private final Type type;
  private final BiFunction<String, long[], float[]> values;

  /** F32, by the formula. */
  public CheckpointWriter(Map<String, long[]> shapes) {
    this(shapes, Type.F32, FormulaWeights::values);
  }

  /**
   * @param shapes by name, in the order of the file
   * @param values row-major, of a tensor's name and shape
   */
  public CheckpointWriter(
      Map<String, long[]> shapes, Type type, BiFunction<String, long[], float[]> values) {
    this.shapes = shapes;
    this.type = type;
    this.values = values;
  }

  /** The same tensors in another type, rounded. */
  public CheckpointWriter as(Type other) {
    return new CheckpointWriter(shapes, other, values);
  }

  /** The same tensors under longer names. */
  public CheckpointWriter within(String prefix) {
    Map<String, long[]> longer = new LinkedHashMap<>();
    shapes.forEach((tensor, shape) -> longer.put(prefix + tensor, shape));
    return new CheckpointWriter(
        longer, type, (tensor, shape) -> values.apply(tensor.substring(prefix.length()), shape));
  }

  /** One file of safetensors. */
  public void safetensors(Path file) {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long at = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long end = at + type.bytes * count(tensor.getValue());
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", type.name());
      LongStream.of(tensor.getValue()).forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(little(8).putLong(json.length).array());
      out.write(json);
      for (String tensor : shapes.keySet()) {
        out.write(bytes(tensor));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code model-00001-of-0000N.safetensors} and so on, with their index. */
  public void safetensorsShards(Path folder, int shards) {
    shards(folder, shards, "model", ".safetensors", CheckpointWriter::safetensors);
  }

  /** {@code pytorch_model-00001-of-0000N.bin} and so on, with their index. */
  public void torchShards(Path folder, int shards) {
    shards(folder, shards, "pytorch_model", ".bin", CheckpointWriter::torch);
  }

  /**
   * A file as {@code torch.save} writes it.
   *
   * @param under keys of the dicts that the state dict lies in, the outermost first
   */
  public void torch(Path file, String... under) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    for (String key : under) {
      pickle.write('}');
      string(pickle, key);
    }
    pickle.writeBytes("ccollections\nOrderedDict\n)R(".getBytes(StandardCharsets.US_ASCII));
    int storage = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      string(pickle, tensor.getKey());
      pickle.writeBytes(
          "ctorch._utils\n_rebuild_tensor_v2\n((".getBytes(StandardCharsets.US_ASCII));
      string(pickle, "storage");
      pickle.writeBytes(("ctorch\n" + type.storage + "\n").getBytes(StandardCharsets.US_ASCII));
      string(pickle, "" + storage++);
      string(pickle, "cpu");
      integer(pickle, count(tensor.getValue()));
      pickle.writeBytes("tQK\0(".getBytes(StandardCharsets.US_ASCII));
      LongStream.of(tensor.getValue()).forEach(size -> integer(pickle, size));
      pickle.writeBytes("t(".getBytes(StandardCharsets.US_ASCII));
      long[] strides = tensor.getValue().clone();
      long stride = 1;
      for (int axis = strides.length - 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= tensor.getValue()[axis];
      }
      LongStream.of(strides).forEach(s -> integer(pickle, s));
      pickle.write('t');
      pickle.write(0x89);
      pickle.writeBytes("ccollections\nOrderedDict\n)RtR".getBytes(StandardCharsets.US_ASCII));
    }
    pickle.write('u');
    for (int i = 0; i < under.length; i++) {
      pickle.write('s');
    }
    pickle.write('.');
    Map<String, Supplier<byte[]>> storages = new LinkedHashMap<>();
    shapes.keySet().forEach(tensor -> storages.put("" + storages.size(), () -> bytes(tensor)));
    zip(file, pickle.toByteArray(), storages);
  }

  /**
   * A zip archive as PyTorch's.
   *
   * @param pickle content of data.pkl
   * @param storages by key
   */
  static void zip(Path file, byte[] pickle, Map<String, Supplier<byte[]>> storages) {
    Map<String, Supplier<byte[]>> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", () -> pickle);
    entries.put("archive/byteorder", () -> "little".getBytes(StandardCharsets.US_ASCII));
    storages.forEach((key, bytes) -> entries.put("archive/data/" + key, bytes));
    entries.put("archive/version", () -> "3\n".getBytes(StandardCharsets.US_ASCII));
    zip(file, entries, ZipEntry.STORED);
  }

  /**
   * @param method of {@link ZipEntry}
   */
  static void zip(Path file, Map<String, Supplier<byte[]>> entries, int method) {
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (Map.Entry<String, Supplier<byte[]>> e : entries.entrySet()) {
        byte[] bytes = e.getValue().get();
        ZipEntry entry = new ZipEntry(e.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          CRC32 crc = new CRC32();
          crc.update(bytes);
          entry.setCrc(crc.getValue());
          entry.setSize(bytes.length);
        }
        zip.putNextEntry(entry);
        zip.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Format {
    void write(CheckpointWriter part, Path file);
  }

  private void shards(Path folder, int shards, String stem, String ending, Format format) {
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata");
    ObjectNode map = index.putObject("weight_map");
    List<String> names = List.copyOf(shapes.keySet());
    for (int i = 0; i < shards; i++) {
      String file = String.format("%s-%05d-of-%05d%s", stem, i + 1, shards, ending);
      Map<String, long[]> part = new LinkedHashMap<>();
      for (String name :
          names.subList(i * names.size() / shards, (i + 1) * names.size() / shards)) {
        part.put(name, shapes.get(name));
        map.put(name, file);
      }
      format.write(new CheckpointWriter(part, type, values), folder.resolve(file));
    }
    try {
      Files.writeString(folder.resolve(stem + ending + ".index.json"), index.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] bytes(String tensor) {
    float[] floats = values.apply(tensor, shapes.get(tensor));
    ByteBuffer bytes = little(type.bytes * floats.length);
    for (float value : floats) {
      switch (type) {
        case F32 -> bytes.putFloat(value);
        case F16 -> bytes.putShort(half(value));
        case F64 -> bytes.putDouble(value);
        case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
    }
    return bytes.array();
  }

  /** IEEE 754 binary16, rounded to the nearest, halves away from 0. */
  private static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int rounded = (bits & 0x7fffffff) + 0x1000;
    if (rounded >= 0x47800000) {
      return (short) (sign | 0x7c00);
    }
    if (rounded < 0x38800000) {
      // Below the normal range: multiples of 2^-24.
      return (short) (sign | Math.round(Math.abs(value) * 0x1p24f));
    }
    return (short) (sign | rounded - 0x38000000 >>> 13);
  }

  private static long count(long[] shape) {
    return LongStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void string(ByteArrayOutputStream pickle, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    pickle.write('X');
    pickle.writeBytes(little(4).putInt(utf8.length).array());
    pickle.writeBytes(utf8);
  }

  private static void integer(ByteArrayOutputStream pickle, long value) {
    pickle.write('J');
    pickle.writeBytes(little(4).putInt(Math.toIntExact(value)).array());
  }
}
