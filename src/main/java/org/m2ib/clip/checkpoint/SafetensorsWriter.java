package org.m2ib.clip.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes float32 and float16 tensors to a safetensors file, atomically. */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * @param tensors tensors by name, written in the map's order
   * @param metadata the header's {@code __metadata__}
   */
  public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = new ObjectMapper().createObjectNode();
    ObjectNode about = header.putObject("__metadata__");
    metadata.forEach(about::put);
    long end = 0;
    for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
      ObjectNode entry =
          header.putObject(tensor.getKey()).put("dtype", half(tensor.getValue()) ? "F16" : "F32");
      for (long dimension : tensor.getValue().getShape().getShape()) {
        entry.withArray("shape").add(dimension);
      }
      long bytes = (half(tensor.getValue()) ? 2 : 4) * tensor.getValue().size();
      entry.putArray("data_offsets").add(end).add(end + bytes);
      end += bytes;
    }
    String json = header.toString();
    byte[] text = (json + " ".repeat(-json.length() & 7)).getBytes(StandardCharsets.UTF_8);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeAll(channel, buffer(8).putLong(text.length).flip());
      writeAll(channel, ByteBuffer.wrap(text));
      for (NDArray tensor : tensors.values()) {
        ByteBuffer bytes = tensor.toByteBuffer();
        writeAll(channel, bytes);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean half(NDArray tensor) {
    return tensor.getDataType() == DataType.FLOAT16;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
