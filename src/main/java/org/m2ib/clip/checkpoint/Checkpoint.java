package org.m2ib.clip.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;

/**
 * The weights of a model folder in any published file format: safetensors or PyTorch, in one file
 * or in shards. A prefix shared by all names ({@code module.} of DataParallel, an attribute of a
 * Lightning module) is removed.
 */
public final class Checkpoint implements TensorSource, AutoCloseable {
  /** File names used by publishers; the first that exists is read. */
  private static final List<String> NAMES =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "open_clip_model.safetensors",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json",
          "open_clip_pytorch_model.bin");

  private static final String INDEX = ".index.json";
  private static final List<String> ENDINGS =
      List.of(".safetensors", ".pt", ".pth", ".bin", ".ckpt");

  /** Maximum number of nested wrappers. */
  private static final int MAX_DEPTH = 8;

  /** The part that holds a tensor, and its name there. */
  private record Entry(Part part, String tensor) {}

  /** A file of tensors. */
  private record Part(TensorSource tensors, AutoCloseable file) {
    static Part open(Path path) {
      if (String.valueOf(path.getFileName()).endsWith(".safetensors")) {
        Safetensors file = new Safetensors(path);
        return new Part(file, file);
      }
      TorchFile file = new TorchFile(path);
      return new Part(file, file);
    }
  }

  private final String name;
  private final List<Path> files = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Checkpoint(Path file) {
    name = String.valueOf(file.getFileName());
    files.add(file);
    try {
      if (name.endsWith(INDEX)) {
        openShards(file);
      } else {
        add(Part.open(file));
      }
      takeOffPrefixes();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * @throws ModelException if the folder has no weights, or several files and none with a usual
   *     name; if a file is damaged or cannot be trusted
   */
  public static Checkpoint open(Path folder) {
    return new Checkpoint(
        NAMES.stream()
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseGet(() -> onlyFile(folder)));
  }

  /** Returns all files of the checkpoint, an index of shards first. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String name(String tensor) {
    return entries.get(tensor).part().tensors().name();
  }

  @Override
  public Set<String> tensors() {
    return entries.keySet();
  }

  @Override
  public long[] shape(String tensor) {
    Entry entry = entries.get(tensor);
    return entry.part().tensors().shape(entry.tensor());
  }

  @Override
  public boolean isRounded(String tensor) {
    Entry entry = entries.get(tensor);
    return entry.part().tensors().isRounded(entry.tensor());
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    Entry entry = entries.get(tensor);
    return entry.part().tensors().read(manager, entry.tensor());
  }

  @Override
  public void close() {
    for (Part part : parts) {
      try {
        part.file().close();
      } catch (Exception e) {
        // only read
      }
    }
  }

  private static Path onlyFile(Path folder) {
    List<Path> candidates;
    try (Stream<Path> files = Files.list(folder)) {
      candidates =
          files
              .filter(Files::isRegularFile)
              .filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new ModelException(
          String.valueOf(folder.getFileName()), "cannot be read: " + e.getMessage(), e);
    }
    if (candidates.size() != 1) {
      throw new ModelException(
          String.valueOf(folder.getFileName()),
          (candidates.isEmpty()
                  ? "contains no weights"
                  : "contains several weight files: "
                      + candidates.stream().map(Path::getFileName).toList()
                      + "; keep one")
              + ". Looked for: "
              + String.join(", ", NAMES)
              + ", or one file *"
              + String.join(", *", ENDINGS));
    }
    return candidates.get(0);
  }

  private Part add(Part part) {
    parts.add(part);
    part.tensors().tensors().forEach(tensor -> entries.put(tensor, new Entry(part, tensor)));
    return part;
  }

  /** Opens shards. Index and shards must agree on which tensor is where. */
  private void openShards(Path index) {
    Map<String, String> shardOf = shardOf(index);
    for (String shard : Set.copyOf(shardOf.values()).stream().sorted().toList()) {
      Path file = index.resolveSibling(shard);
      if (!Files.isRegularFile(file)) {
        throw new ModelException(
            shard, "is listed in " + name + " but missing from the model folder");
      }
      files.add(file);
      for (String tensor : add(Part.open(file)).tensors().tensors()) {
        if (!shard.equals(shardOf.get(tensor))) {
          throw ModelException.ofTensor(
              shard,
              tensor,
              "is in this shard; " + name + " has it " + shardName(shardOf.get(tensor)));
        }
      }
    }
    shardOf.forEach(
        (tensor, shard) -> {
          if (!entries.containsKey(tensor)) {
            throw ModelException.ofTensor(
                shard, tensor, "is missing from this shard, where " + name + " has it");
          }
        });
  }

  private static String shardName(String shard) {
    return shard == null ? "nowhere" : "in " + shard;
  }

  private Map<String, String> shardOf(Path index) {
    JsonNode map;
    try {
      map = Json.object(name, "it", Files.readAllBytes(index)).path("weight_map");
    } catch (IOException e) {
      throw new ModelException(name, "cannot be read: " + e.getMessage(), e);
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      if (!shard.matches("[A-Za-z0-9._-]+\\.(safetensors|bin)")) {
        throw ModelException.ofTensor(
            name,
            entry.getKey(),
            "is in " + Pickle.quoted(shard) + ", which is not a file in this folder");
      }
      shardOf.put(entry.getKey(), shard);
    }
    if (shardOf.isEmpty()) {
      throw new ModelException(name, "has no weight_map");
    }
    return shardOf;
  }

  private void takeOffPrefixes() {
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      Set<String> prefixes = prefixes();
      if (prefixes.size() != 1 || prefixes.contains("")) {
        return;
      }
      int length = prefixes.iterator().next().length();
      Map<String, Entry> whole = new LinkedHashMap<>(entries);
      entries.clear();
      whole.forEach((tensor, entry) -> entries.put(tensor.substring(length), entry));
    }
  }

  /** Returns the names' prefixes up to and including the first dot. */
  private Set<String> prefixes() {
    return entries.keySet().stream()
        .map(tensor -> tensor.substring(0, tensor.indexOf('.') + 1))
        .collect(Collectors.toSet());
  }
}
