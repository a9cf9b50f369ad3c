package org.m2ib.lab.phantom;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;

/**
 * A folder of phantoms: for each a folder {@code 0001}, {@code 0002} and so on with {@code
 * image.dcm}, {@code report.txt}, {@code report.hl7} and a {@code mask-*.png} for each finding, and
 * {@code truths.json} for all. That file is written last: if it is missing, the folder is
 * incomplete.
 */
public final class PhantomFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The same line ends on every machine. */
  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private final Path folder;

  private PhantomFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * @param notice required with them
   * @param size rows and columns of the images
   * @param phantoms in the order of their seeds
   */
  record Truths(String notice, int size, List<PhantomTruth> phantoms) {}

  /**
   * Takes a new or empty folder.
   *
   * @throws IOException if it is not empty, is a file or cannot be created
   */
  public static PhantomFolder create(Path folder) throws IOException {
    if (Files.exists(folder)) {
      if (!Files.isDirectory(folder)) {
        throw new NotDirectoryException(folder + " is a file; give a folder");
      }
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new IOException(folder + " is not empty; give a new or empty folder");
        }
      }
    }
    return new PhantomFolder(Files.createDirectories(folder));
  }

  /**
   * Writes {@code count} phantoms with consecutive seeds from {@code seed}.
   *
   * @param generator by seed
   */
  public void write(LongFunction<Phantom> generator, long seed, int count) throws IOException {
    List<PhantomTruth> truths = new ArrayList<>();
    int size = 0;
    for (int i = 0; i < count; i++) {
      Phantom phantom = generator.apply(seed + i);
      size = phantom.size();
      truths.add(write(phantom, "%04d".formatted(i + 1)));
    }
    String notice = PhantomIdentity.NOTICE + ". " + Notice.NOT_DIAGNOSTIC;
    Files.write(
        folder.resolve("truths.json"),
        JSON.writer(PRINTER).writeValueAsBytes(new Truths(notice, size, truths)));
  }

  private PhantomTruth write(Phantom phantom, String name) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    Encoding encoding = Encoding.of(phantom.seed());
    PhantomReport report = PhantomReport.of(phantom, phantom.seed());
    DicomObject image = PhantomImage.of(phantom, encoding);
    writeStudy(own, image, report);
    for (Phantom.Located located : phantom.findings()) {
      writeMask(located.mask(), phantom.size(), own.resolve(maskName(located.finding())));
    }
    return PhantomTruth.of(name, phantom, encoding, image, report);
  }

  /** Writes {@code image.dcm}, {@code report.txt} and {@code report.hl7}. */
  public static void writeStudy(Path folder, DicomObject image, PhantomReport report)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("image.dcm"))) {
      image.write(out);
    }
    Files.writeString(folder.resolve("report.txt"), report.text(), StandardCharsets.UTF_8);
    Files.writeString(
        folder.resolve("report.hl7"), PhantomMessage.of(report), StandardCharsets.UTF_8);
  }

  /** An image has at most one finding of a type. */
  static String maskName(Finding finding) {
    return "mask-" + finding.type().name().toLowerCase(Locale.ROOT) + ".png";
  }

  private static void writeMask(boolean[] mask, int size, Path file) throws IOException {
    BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < mask.length; i++) {
      picture.getRaster().setSample(i % size, i / size, 0, mask[i] ? 255 : 0);
    }
    ImageIO.write(picture, "png", file.toFile());
  }
}
