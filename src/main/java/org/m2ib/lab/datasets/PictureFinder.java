package org.m2ib.lab.datasets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the file of each image: first at the annotated path, also with another extension and
 * without a leading {@code files/}; else by its name anywhere in the folder, following links. A
 * path that begins with {@link #ANYWHERE} is looked for in every folder, and all of it must fit.
 */
final class PictureFinder {
  static final String ANYWHERE = "**/";
  private static final List<String> DICOM = List.of(".dcm", ".dicom");
  private static final List<String> PICTURE = List.of(".png", ".jpg", ".jpeg");
  private static final List<String> ENDINGS =
      Stream.of(DICOM, PICTURE).flatMap(Collection::stream).toList();

  private PictureFinder() {}

  /**
   * @param hints image to path or name, with or without extension
   * @param problems receives a line for each image that has no file, or several
   * @return in the order of the hints, without those
   */
  static Map<String, Path> find(Path root, Map<String, String> hints, List<String> problems)
      throws IOException {
    Map<String, Path> direct = new HashMap<>();
    Set<String> sought = new HashSet<>();
    hints.forEach(
        (picture, hint) -> {
          Path path = direct(root, hint);
          if (path == null) {
            sought.add(name(hint));
          } else {
            direct.put(picture, path);
          }
        });
    Map<String, Set<Path>> named = sought.isEmpty() ? Map.of() : search(root, sought);
    Map<String, Path> filesByHint = new LinkedHashMap<>();
    hints.forEach(
        (picture, hint) -> {
          Set<Path> files =
              direct.containsKey(picture)
                  ? Set.of(direct.get(picture))
                  : fitting(hint, named.getOrDefault(name(hint), Set.of()));
          if (files.size() == 1) {
            filesByHint.put(picture, files.iterator().next());
          } else if (files.isEmpty()) {
            problems.add(
                "%s: no picture %s in it; put it there, or a link, as %s"
                    .formatted(root, hint, String.join(", ", ENDINGS)));
          } else {
            problems.add("%s: picture %s may be any of %s; leave one".formatted(root, hint, files));
          }
        });
    return filesByHint;
  }

  private static Set<Path> fitting(String hint, Set<Path> files) {
    if (!hint.startsWith(ANYWHERE)) {
      return files;
    }
    Path end = Path.of(withoutEnding(hint.substring(ANYWHERE.length())));
    return files.stream()
        .filter(
            file -> file.resolveSibling(withoutEnding(file.getFileName().toString())).endsWith(end))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** False if its extension says that it is something else. */
  static boolean mayBeDicom(Path file) {
    return PICTURE.stream().noneMatch(file.toString().toLowerCase(Locale.ROOT)::endsWith);
  }

  /** The file's name without folders and extension, which identifies an image. */
  static String name(String hint) {
    return withoutEnding(hint.substring(hint.replace('\\', '/').lastIndexOf('/') + 1));
  }

  private static String withoutEnding(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String ending : ENDINGS) {
      if (lower.endsWith(ending)) {
        return name.substring(0, name.length() - ending.length());
      }
    }
    return name;
  }

  private static Path direct(Path root, String hint) {
    for (String location : List.of(hint, hint.replaceFirst("^files/", ""))) {
      List<String> candidates = new ArrayList<>(List.of(location));
      ENDINGS.forEach(ending -> candidates.add(withoutEnding(location) + ending));
      for (String candidate : candidates) {
        if (candidate.indexOf('\0') < 0 && Files.isRegularFile(root.resolve(candidate))) {
          return root.resolve(candidate);
        }
      }
    }
    return null;
  }

  private static Map<String, Set<Path>> search(Path root, Set<String> names) throws IOException {
    Map<String, Set<Path>> filesByHint = new HashMap<>();
    try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(file -> names.contains(name(file.getFileName().toString())))
          .filter(Files::isRegularFile)
          .forEach(
              file ->
                  filesByHint
                      .computeIfAbsent(name(file.getFileName().toString()), n -> new TreeSet<>())
                      .add(file));
    } catch (UncheckedIOException e) {
      throw new IOException(
          root + ": cannot be searched for pictures: " + e.getCause().getMessage(), e);
    }
    return filesByHint;
  }
}
