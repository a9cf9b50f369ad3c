package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file: 8 bytes little-endian header length, a JSON header, then the tensors' bytes
 * without gaps. Everything is checked against the file's length before a tensor is read.
 */
public final class Safetensors implements TensorSource, AutoCloseable {
  /** The format's own limit. */
  private static final long MAX_HEADER = 100_000_000;

  private static final Map<String, DataType> FLOATS =
      Map.of(
          "F32", DataType.FLOAT32,
          "F16", DataType.FLOAT16,
          "BF16", DataType.BFLOAT16);
  private static final Map<String, Integer> BYTES =
      Map.ofEntries(
          Map.entry("F64", 8),
          Map.entry("F32", 4),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("I64", 8),
          Map.entry("I32", 4),
          Map.entry("I16", 2),
          Map.entry("I8", 1),
          Map.entry("U64", 8),
          Map.entry("U32", 4),
          Map.entry("U16", 2),
          Map.entry("U8", 1),
          Map.entry("BOOL", 1));

  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Entry(String dtype, long[] shape, long begin, long end) {}

  private final String name;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, Entry> entries;

  /**
   * @throws ModelException when the file is absent, truncated or its header cannot be trusted
   */
  public Safetensors(Path file) {
    this.name = file.getFileName().toString();
    FileChannel opened = null;
    try {
      opened = FileChannel.open(file);
      this.channel = opened;
      long headerLength = headerLength();
      this.dataStart = 8 + headerLength;
      this.entries = entries(header((int) headerLength));
      requireContiguous();
    } catch (IOException e) {
      closeQuietly(opened);
      throw new ModelException(name, "cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      closeQuietly(opened);
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> tensors() {
    return entries.keySet();
  }

  @Override
  public long[] shape(String tensor) {
    return entries.get(tensor).shape().clone();
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    Entry entry = entries.get(tensor);
    DataType type = FLOATS.get(entry.dtype());
    if (type == null) {
      throw ModelException.ofTensor(
          name, tensor, "is of type " + entry.dtype() + "; weights are F32, F16 or BF16");
    }
    try (NDManager mapped = manager.newSubManager()) {
      ByteBuffer bytes =
          channel.map(MapMode.READ_ONLY, dataStart + entry.begin(), entry.end() - entry.begin());
      // Copied, since the mapping goes with the view; toType alone copies only where types differ.
      NDArray view =
          mapped.create(bytes.order(ByteOrder.LITTLE_ENDIAN), new Shape(entry.shape()), type);
      NDArray owned = view.duplicate().toType(DataType.FLOAT32, false);
      owned.attach(manager);
      return owned;
    } catch (IOException e) {
      throw new ModelException(name, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** What the header's {@code __metadata__} says. */
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private long headerLength() throws IOException {
    long length = bytes(0, 8).getLong();
    if (length < 2 || length > MAX_HEADER || length > channel.size() - 8) {
      throw new ModelException(
          name,
          "states a header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + channel.size()
              + "; it is truncated or no safetensors file");
    }
    return length;
  }

  private JsonNode header(int length) throws IOException {
    try {
      JsonNode header =
          new ObjectMapper()
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .readTree(bytes(8, length).array());
      if (header == null || !header.isObject()) {
        throw new ModelException(name, "its header is no JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new ModelException(name, "its header is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Map<String, Entry> entries(JsonNode header) {
    Map<String, Entry> found = new LinkedHashMap<>();
    header
        .properties()
        .forEach(
            field -> {
              if (field.getKey().equals("__metadata__")) {
                field
                    .getValue()
                    .properties()
                    .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
              } else {
                found.put(field.getKey(), entry(field.getKey(), field.getValue()));
              }
            });
    return found;
  }

  private Entry entry(String tensor, JsonNode json) {
    String dtype = json.path("dtype").asText();
    long[] shape = longs(tensor, json.path("shape"), "shape");
    long[] offsets = longs(tensor, json.path("data_offsets"), "data_offsets");
    if (!BYTES.containsKey(dtype)) {
      throw ModelException.ofTensor(name, tensor, "is of unknown type '" + dtype + "'");
    }
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw ModelException.ofTensor(name, tensor, "has bad data_offsets");
    }
    try {
      long bytes = BYTES.get(dtype);
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      if (bytes != offsets[1] - offsets[0]) {
        throw ModelException.ofTensor(
            name,
            tensor,
            "spans " + (offsets[1] - offsets[0]) + " bytes; its shape and type need " + bytes);
      }
    } catch (ArithmeticException e) {
      throw ModelException.ofTensor(name, tensor, "has an absurd shape");
    }
    return new Entry(dtype, shape, offsets[0], offsets[1]);
  }

  private long[] longs(String tensor, JsonNode json, String key) {
    if (!json.isArray()) {
      throw ModelException.ofTensor(name, tensor, "has no " + key);
    }
    long[] values = new long[json.size()];
    for (int i = 0; i < values.length; i++) {
      if (!json.get(i).canConvertToLong()
          || !json.get(i).isIntegralNumber()
          || json.get(i).asLong() < 0) {
        throw ModelException.ofTensor(name, tensor, "has bad " + key);
      }
      values[i] = json.get(i).asLong();
    }
    return values;
  }

  private void requireContiguous() throws IOException {
    List<Map.Entry<String, Entry>> ordered =
        entries.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()))
            .toList();
    long at = 0;
    long size = channel.size() - dataStart;
    for (Map.Entry<String, Entry> e : ordered) {
      Entry entry = e.getValue();
      if (entry.begin() < at) {
        throw ModelException.ofTensor(name, e.getKey(), "overlaps another tensor's bytes");
      }
      if (entry.begin() > at) {
        throw ModelException.ofTensor(name, e.getKey(), "leaves a gap before its bytes");
      }
      if (entry.end() > size) {
        throw ModelException.ofTensor(
            name,
            e.getKey(),
            "ends at byte " + entry.end() + " of " + size + "; the file is truncated");
      }
      at = entry.end();
    }
    if (at != size) {
      throw new ModelException(name, (size - at) + " bytes follow the last tensor");
    }
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("it ends at byte " + channel.size());
      }
    }
    return buffer.flip();
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // it was only read
    }
  }
}
