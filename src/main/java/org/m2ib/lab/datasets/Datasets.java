package org.m2ib.lab.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Opens published data sets and folders in their layout: see docs/evaluation-data.md. */
public final class Datasets {
  /** Sub-folders with annotations whose images are in other sub-folders. */
  private static final List<String> PLACES = List.of("annotations", CheXlocalize.NAME);

  private Datasets() {}

  /**
   * @param path a folder with an annotation file, in it or in its sub-folder {@code annotations} or
   *     {@code CheXlocalize}; or the annotation file itself
   * @throws IOException if there is none, or one of several must be named, or none of its rows can
   *     be used; the message names the file and says what to do
   */
  public static Dataset open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException(path + ": no such folder or file");
    }
    List<String> others = new ArrayList<>();
    Map<Path, Layout> found =
        recognised(Files.isDirectory(path) ? candidates(path) : List.of(path), others);
    if (found.isEmpty()) {
      throw new IOException(
          "%s: no annotation file that is known%s; known are:%s"
              .formatted(path, others.isEmpty() ? "" : " among " + others, Layout.describeAll()));
    }
    Map.Entry<Path, Layout> chosen = one(path, found);
    Path folder = chosen.getKey().toAbsolutePath().getParent();
    boolean besideImages = PLACES.contains(String.valueOf(folder.getFileName()));
    return chosen.getValue().read(chosen.getKey(), besideImages ? folder.getParent() : folder);
  }

  /** The data sets that paths name, see {@link #in}. */
  public static List<Path> all(List<Path> paths) throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path path : paths) {
      all.addAll(in(path));
    }
    return all;
  }

  /**
   * The data sets in a folder of several.
   *
   * @return the path itself if it has annotations, else those of its sub-folders that have; the
   *     path itself if none has, so that {@link #open} says what is missing
   */
  static List<Path> in(Path path) throws IOException {
    if (!Files.isDirectory(path) || hasAnnotations(path)) {
      return List.of(path);
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> listed = Files.list(path)) {
      for (Path folder : listed.filter(Files::isDirectory).sorted().toList()) {
        Path inner = folder.resolve(CheXlocalize.NAME);
        if (hasAnnotations(folder)) {
          found.add(folder);
        } else if (Files.isDirectory(inner) && hasAnnotations(inner)) {
          found.add(inner);
        }
      }
    }
    return found.isEmpty() ? List.of(path) : found;
  }

  /** In itself, or in a sub-folder that cannot be a data set's own. */
  private static boolean hasAnnotations(Path folder) throws IOException {
    List<Path> files = new ArrayList<>(candidates(folder));
    files.removeIf(file -> file.startsWith(folder.resolve(CheXlocalize.NAME)));
    return !recognised(files, new ArrayList<>()).isEmpty();
  }

  private static List<Path> candidates(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Path> places = new ArrayList<>(List.of(folder));
    PLACES.forEach(name -> places.add(folder.resolve(name)));
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> listed = Files.list(place)) {
          listed.sorted().filter(Datasets::mayAnnotate).forEach(files::add);
        }
      }
    }
    return files;
  }

  private static boolean mayAnnotate(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file)
        && (name.endsWith(".json") || name.endsWith(".csv"))
        && !name.equals(Sentences.FILE);
  }

  private static Map<Path, Layout> recognised(List<Path> files, List<String> others) {
    Map<Path, Layout> found = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        Layout layout = Layout.of(file);
        if (layout == null) {
          others.add(file.getFileName().toString());
        } else {
          found.put(file, layout);
        }
      } catch (IOException e) {
        others.add(e.getMessage());
      }
    }
    return found;
  }

  /**
   * MS-CXR's CSV file has the same content as its JSON file; CheXlocalize has segmentations by
   * others than the truth's readers in the same form; of other files, the one for tests is used.
   */
  private static Map.Entry<Path, Layout> one(Path path, Map<Path, Layout> found)
      throws IOException {
    if (found.containsValue(Layout.MS_CXR_JSON)) {
      found.values().removeIf(layout -> layout == Layout.MS_CXR_CSV);
    }
    if (found.size() > 1 && found.containsValue(Layout.CHEXLOCALIZE)) {
      found.keySet().removeIf(file -> !CheXlocalize.isTruth(file));
    }
    List<Map.Entry<Path, Layout>> left = List.copyOf(found.entrySet());
    if (left.size() > 1) {
      left =
          left.stream()
              .filter(
                  e ->
                      e.getKey().getFileName().toString().toLowerCase(Locale.ROOT).contains("test"))
              .toList();
    }
    if (left.size() != 1) {
      throw new IOException(
          "%s: several annotation files: %s; name the one that is meant instead of the folder"
              .formatted(path, found.keySet()));
    }
    return left.get(0);
  }
}
