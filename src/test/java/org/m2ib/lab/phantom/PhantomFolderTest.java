package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

class PhantomFolderTest {
  private static final int COUNT = 12;

  @TempDir Path folder;

  private Path written(String name, long seed) throws IOException {
    Path out = folder.resolve(name);
    PhantomFolder.create(out).write(new PhantomGenerator()::make, seed, COUNT);
    return out;
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws Exception {
    Map<String, String> first = hashes(written("a", 7));
    assertThat(first).containsKeys("truths.json", "0001/image.dcm", "0012/report.hl7");
    assertThat(hashes(written("b", 7))).isEqualTo(first);
    assertThat(hashes(written("c", 8)).get("0001/image.dcm"))
        .isNotEqualTo(first.get("0001/image.dcm"))
        .isEqualTo(first.get("0002/image.dcm"));
  }

  private static Map<String, String> hashes(Path out) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        hashes.put(out.relativize(file).toString(), HexFormat.of().formatHex(hash));
      }
    }
    return hashes;
  }

  @Test
  void theTruthsAreThoseOfTheFilesBesideThem() throws Exception {
    Path out = written("truths", 100);
    JsonNode truths = new ObjectMapper().readTree(out.resolve("truths.json").toFile());
    assertThat(truths.get("notice").asText())
        .isEqualTo("PHANTOM, not a patient. Not for diagnostic use.");
    assertThat(truths.get("phantoms")).hasSize(COUNT);
    int masks = 0;
    for (JsonNode truth : truths.get("phantoms")) {
      Path own = out.resolve(truth.get("folder").asText());
      DicomObject image = DicomObject.read(own.resolve("image.dcm"));
      assertThat(image.integer(Tags.Rows, 0)).isEqualTo(truths.get("size").asInt());
      assertThat(image.string(Tags.SOPInstanceUID)).isEqualTo(truth.get("sopInstanceUid").asText());
      assertThat(image.string(Tags.StudyInstanceUID))
          .isEqualTo(truth.get("studyInstanceUid").asText());
      assertThat(image.string(Tags.PhotometricInterpretation))
          .isEqualTo(truth.get("photometricInterpretation").asText());
      assertThat(image.has(Tags.WindowWidth)).isEqualTo(truth.get("windowed").asBoolean());
      assertThat(FindingPlanes.read(image)).hasSameSizeAs(truth.get("findings"));
      for (int i = 0; i < truth.get("findings").size(); i++) {
        JsonNode shown = truth.get("findings").get(i);
        Phantom.Located located = FindingPlanes.read(image).get(i);
        assertThat(located.finding().type().name()).isEqualTo(shown.get("type").asText());
        mask(ImageIO.read(own.resolve(shown.get("mask").asText()).toFile()), located, shown);
        masks++;
      }
      String report = Files.readString(own.resolve("report.txt"));
      for (JsonNode sentence : truth.get("sentences")) {
        assertThat(report).contains(sentence.get("text").asText());
        assertThat(sentence.at("/statement/denied").isBoolean()).isTrue();
        assertThat(sentence.at("/statement/finding/type").isTextual()).isTrue();
      }
    }
    assertThat(masks).isPositive();
  }

  private static void mask(BufferedImage png, Phantom.Located located, JsonNode shown) {
    int pixels = 0;
    boolean atLeft = false;
    boolean atBottom = false;
    for (int y = 0; y < png.getHeight(); y++) {
      for (int x = 0; x < png.getWidth(); x++) {
        boolean marked = png.getRaster().getSample(x, y, 0) == 255;
        assertThat(marked).isEqualTo(located.mask()[y * png.getWidth() + x]);
        if (marked) {
          pixels++;
          assertThat(x).isBetween(shown.get("left").asInt(), shown.get("right").asInt() - 1);
          assertThat(y).isBetween(shown.get("top").asInt(), shown.get("bottom").asInt() - 1);
          atLeft |= x == shown.get("left").asInt();
          atBottom |= y == shown.get("bottom").asInt() - 1;
        }
      }
    }
    assertThat(pixels).isPositive().isEqualTo(shown.get("pixels").asInt());
    assertThat(atLeft && atBottom).as("the box is tight").isTrue();
  }

  @Test
  void aFolderWithSomethingInItIsLeftAsItIs() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Path mine = Files.writeString(taken.resolve("mine.txt"), "mine");
    assertThatThrownBy(() -> PhantomFolder.create(taken))
        .isInstanceOf(IOException.class)
        .hasMessage(taken + " is not empty; give a new or empty folder");
    assertThatThrownBy(() -> PhantomFolder.create(mine))
        .hasMessage(mine + " is a file; give a folder");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void aMaskWithoutPixelsIsNoTruth() {
    Finding finding = new Finding(FindingType.OEDEMA, PhantomSide.NONE, Zone.NONE);
    assertThatThrownBy(
            () ->
                PhantomTruth.Shown.of(
                    new Phantom.Located(finding, new boolean[16]), 4, "mask-oedema.png"))
        .hasMessageStartingWith("an empty mask: ");
  }
}
