package org.m2ib.lab.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Results as lines of JSON, each written when it is ready; the first line has the settings. An
 * interrupted run resumes after its last complete line.
 */
final class ResultsFile<T> implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<T> before = new ArrayList<>();
  private final OutputStream out;

  /**
   * @param settings a record; results in one file must have the same
   * @throws IOException if the file contains results of other settings, which are named; or cannot
   *     be read or written
   */
  ResultsFile(Path file, Object settings, Class<T> type) throws IOException {
    JsonNode here = JSON.readTree(JSON.writeValueAsBytes(settings));
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    String whole = wholeLines(bytes);
    List<String> lines = whole.lines().toList();
    if (!lines.isEmpty()) {
      requireSame(file, read(file, 1, lines.get(0), JsonNode.class), here);
    }
    for (int i = 1; i < lines.size(); i++) {
      before.add(read(file, i + 1, lines.get(i), type));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, whole.getBytes(StandardCharsets.UTF_8));
    out = Files.newOutputStream(file, StandardOpenOption.APPEND);
    if (lines.isEmpty()) {
      write(here);
    }
  }

  /** The results present when it was opened. */
  List<T> before() {
    return before;
  }

  void append(T result) throws IOException {
    write(result);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private synchronized void write(Object value) throws IOException {
    out.write((JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Without a truncated last line. */
  private static String wholeLines(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
  }

  private static <V> V read(Path file, int line, String json, Class<V> type) throws IOException {
    try {
      return JSON.readValue(json, type);
    } catch (IOException e) {
      throw new IOException(
          file + ", line " + line + ": not a result of this program; name another folder", e);
    }
  }

  private static void requireSame(Path file, JsonNode there, JsonNode here) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    there.fieldNames().forEachRemaining(names::add);
    here.fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> there.path(name).equals(here.path(name)));
    if (!names.isEmpty()) {
      List<String> differences =
          names.stream()
              .map(n -> n + " " + there.path(n) + " there, " + here.path(n) + " here")
              .toList();
      throw new IOException(
          file
              + " holds results of other settings ("
              + String.join("; ", differences)
              + "): name another folder, or delete the file to start anew");
    }
  }
}
