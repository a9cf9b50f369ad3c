package org.m2ib.cli.options;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of overlay files: the image's own name and the sentence's number, {@code chest.dcm-1.png}.
 * Images with the same name in different folders are distinguished by {@code ~2}, {@code ~3}. Names
 * are unique, and none is that of an input image.
 */
public final class OverlayNames {
  private final Path folder;
  private final int sentences;
  private final Set<String> taken = new HashSet<>();

  /**
   * @param folder of the overlays
   * @param images input images
   */
  public OverlayNames(Path folder, Collection<Path> images, int sentences) {
    this.folder = folder;
    this.sentences = sentences;
    images.forEach(image -> taken.add(key(image)));
  }

  /** The files of one image, one for each sentence. */
  public List<Path> filesFor(Path image) {
    String name = String.valueOf(image.toAbsolutePath().normalize().getFileName());
    for (int i = 1; ; i++) {
      String stem = i == 1 ? name : name + "~" + i;
      List<Path> files =
          IntStream.rangeClosed(1, sentences)
              .mapToObj(n -> folder.resolve(stem + "-" + n + ".png"))
              .toList();
      List<String> keys =
          files.stream().flatMap(f -> Stream.of(key(f), key(wordsBeside(f)))).toList();
      if (keys.stream().noneMatch(taken::contains)) {
        taken.addAll(keys);
        return files;
      }
    }
  }

  /** The sheet of a sentence's words, {@code chest.dcm-1-words.png}. */
  public static Path wordsBeside(Path overlay) {
    String name = overlay.getFileName().toString();
    return overlay.resolveSibling(name.substring(0, name.length() - 4) + "-words.png");
  }

  /** On file systems that ignore case, two images must not be mixed up. */
  private static String key(Path file) {
    return file.toAbsolutePath().normalize().toString().toLowerCase(Locale.ROOT);
  }
}
