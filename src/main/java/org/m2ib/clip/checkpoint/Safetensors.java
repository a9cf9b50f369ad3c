package org.m2ib.clip.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;

/**
 * Reads a safetensors file: 8 bytes little-endian header length, a JSON header, then the tensors'
 * bytes without gaps. Everything is checked against the file's length before a tensor is read.
 */
public final class Safetensors implements TensorSource, AutoCloseable {
  /** The format's own limit, in bytes. */
  private static final long MAX_HEADER = 100_000_000;

  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Entry(ElementType type, long[] shape, long begin, long end) {}

  private final MappedFile file;
  private final String name;
  private final long dataStart;
  private final Map<String, Entry> entries;

  /**
   * @throws ModelException if the file does not exist, is truncated, or has an invalid header
   */
  public Safetensors(Path path) {
    file = new MappedFile(path);
    name = file.name();
    try {
      long headerLength = headerLength();
      dataStart = 8 + headerLength;
      entries = entries(header((int) headerLength));
      requireContiguous();
    } catch (RuntimeException e) {
      file.close();
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
  public boolean isRounded(String tensor) {
    return entries.get(tensor).type().isRounded();
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    Entry entry = entries.get(tensor);
    return file.read(
        manager,
        tensor,
        entry.type(),
        entry.shape(),
        Strides.rowMajor(entry.shape()),
        dataStart + entry.begin(),
        entry.end() - entry.begin());
  }

  /** Returns the header's {@code __metadata__}. */
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  @Override
  public void close() {
    file.close();
  }

  private long headerLength() {
    long length = file.size() < 8 ? 0 : file.bytes(0, 8).getLong();
    if (length < 2 || length > MAX_HEADER || length > file.size() - 8) {
      throw new ModelException(
          name,
          "states a header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + file.size()
              + "; it is truncated or not a safetensors file");
    }
    return length;
  }

  private JsonNode header(int length) {
    return Json.object(name, "its header", file.bytes(8, length).array());
  }

  private Map<String, Entry> entries(JsonNode header) {
    Map<String, Entry> entries = new LinkedHashMap<>();
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
                entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
              }
            });
    return entries;
  }

  private Entry entry(String tensor, JsonNode json) {
    String dtype = json.path("dtype").asText();
    long[] shape = longs(tensor, json.path("shape"), "shape");
    long[] offsets = longs(tensor, json.path("data_offsets"), "data_offsets");
    ElementType type =
        ElementType.ofSafetensors(dtype)
            .orElseThrow(
                () -> ModelException.ofTensor(name, tensor, "has unknown type '" + dtype + "'"));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw ModelException.ofTensor(name, tensor, "has invalid data_offsets");
    }
    try {
      long bytes = type.bytes();
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
      throw ModelException.ofTensor(name, tensor, "has an impossible shape");
    }
    return new Entry(type, shape, offsets[0], offsets[1]);
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
        throw ModelException.ofTensor(name, tensor, "has invalid " + key);
      }
      values[i] = json.get(i).asLong();
    }
    return values;
  }

  private void requireContiguous() {
    List<Map.Entry<String, Entry>> ordered =
        entries.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()))
            .toList();
    long at = 0;
    long size = file.size() - dataStart;
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
}
