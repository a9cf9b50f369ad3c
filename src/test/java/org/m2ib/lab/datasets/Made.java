package org.m2ib.lab.datasets;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.MadePhantoms;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomImage;

/** Folders as data sets have them, of made pictures. */
final class Made {
  static final int SIZE = MadePhantoms.SIZE;

  private Made() {}

  /** A phantom of 32 x 32 pixels, as DICOM. */
  static Phantom dicom(Path file) throws IOException {
    Phantom phantom = MadePhantoms.any(file.getFileName().toString().hashCode());
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      PhantomImage.of(phantom, Encoding.of(phantom.seed())).write(out);
    }
    return phantom;
  }

  /** A grey picture, brighter to the right; the ending says the format. */
  static void picture(Path file, int columns, int rows) throws IOException {
    picture(file, columns, rows, BufferedImage.TYPE_BYTE_GRAY, 255);
  }

  /** As above, 16 bits. */
  static void deepPicture(Path file, int columns, int rows) throws IOException {
    picture(file, columns, rows, BufferedImage.TYPE_USHORT_GRAY, 65535);
  }

  private static void picture(Path file, int columns, int rows, int type, int white)
      throws IOException {
    BufferedImage image = new BufferedImage(columns, rows, type);
    for (int i = 0; i < columns * rows; i++) {
      image
          .getRaster()
          .setSample(i % columns, i / columns, 0, white * (i % columns) / (columns - 1));
    }
    write(image, file);
  }

  /** Value 1 of 255, which is not black, in the columns from {@code from} on; else black. */
  static void mask(Path file, int columns, int rows, int from) throws IOException {
    BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < columns * rows; i++) {
      image.getRaster().setSample(i % columns, i / columns, 0, i % columns >= from ? 1 : 0);
    }
    write(image, file);
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    String name = file.getFileName().toString();
    if (!ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
      throw new IOException("no writer for " + file);
    }
  }

  static Path text(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** "x1,y1,x2,y2" of what is inside, right and bottom exclusive, and how many pixels that are. */
  static String extent(boolean[] mask, int columns) {
    int[] inside = IntStream.range(0, mask.length).filter(i -> mask[i]).toArray();
    return "%d,%d,%d,%d: %d"
        .formatted(
            IntStream.of(inside).map(i -> i % columns).min().orElse(-1),
            IntStream.of(inside).map(i -> i / columns).min().orElse(-1),
            IntStream.of(inside).map(i -> i % columns + 1).max().orElse(-1),
            IntStream.of(inside).map(i -> i / columns + 1).max().orElse(-1),
            inside.length);
  }

  /** Sentence to extent on a picture of 32 x 32. */
  static Map<String, String> extents(Dataset data) throws IOException {
    Map<String, String> extents = new TreeMap<>();
    for (int i = 0; i < data.size(); i++) {
      Example example = data.example(i);
      extents.put(
          example.id() + " " + example.sentence(), extent(example.region().mask(SIZE, SIZE), SIZE));
    }
    return extents;
  }
}
