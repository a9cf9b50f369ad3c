package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.peers.Peers;

/** Phantoms as other programs read them. */
class PhantomImageIT {
  private static final Phantom PHANTOM =
      MadePhantoms.of(
          3,
          new Finding(FindingType.PNEUMOTHORAX, PhantomSide.LEFT, Zone.NONE),
          new Finding(FindingType.NODULE, PhantomSide.RIGHT, Zone.UPPER));

  @TempDir Path folder;

  @BeforeAll
  static void peers() {
    Peers.need("dciodvfy", "dicom3tools");
    Peers.need("dcm2pnm", "dcmtk");
  }

  static Stream<Encoding> encodings() {
    return Stream.of(true, false)
        .flatMap(w -> Stream.of(new Encoding(false, w), new Encoding(true, w)));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void theStandardsCheckerFindsNoError(Encoding encoding) throws Exception {
    for (Phantom phantom : List.of(PHANTOM, MadePhantoms.of(4))) {
      Path file = DicomFiles.write(PhantomImage.of(phantom, encoding), folder, "phantom.dcm");
      String said = Peers.run("dciodvfy", file.toString()).output();
      assertThat(said).contains("DXImageForPresentation");
      assertThat(said.lines().filter(line -> line.contains("Error"))).as(said).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void anotherDecoderShowsThePictureAndTheMasks(Encoding encoding) throws Exception {
    Path file = DicomFiles.write(PhantomImage.of(PHANTOM, encoding), folder, "phantom.dcm");
    BufferedImage plain = decode(file, encoding, "-O");
    BufferedImage marked = decode(file, encoding, "+O", "1", "+Omr");
    int masked = 0;
    for (int i = 0; i < PHANTOM.pixels().length; i++) {
      int x = i % PHANTOM.size();
      int y = i / PHANTOM.size();
      int grey = plain.getRaster().getSample(x, y, 0);
      assertThat(grey / 255f).isCloseTo(PHANTOM.pixels()[i], within(1.1f / 255));
      if (PHANTOM.findings().get(0).mask()[i]) {
        masked++;
        assertThat(marked.getRaster().getSample(x, y, 0)).isEqualTo(255);
      } else {
        assertThat(marked.getRaster().getSample(x, y, 0)).isEqualTo(grey);
      }
    }
    assertThat(masked).isEqualTo(20);
  }

  private BufferedImage decode(Path file, Encoding encoding, String... overlays) throws Exception {
    Path png = folder.resolve("decoded.png");
    List<String> voi = encoding.windowed() ? List.of("+Wi", "1") : List.of("+Wl", "1");
    List<String> command =
        Stream.of(
                List.of("dcm2pnm", "+on"),
                voi,
                List.of(overlays),
                List.of(file.toString(), png.toString()))
            .flatMap(List::stream)
            .toList();
    Peers.Run run = Peers.run(command.toArray(String[]::new));
    assertThat(run.exit()).as(run.output()).isZero();
    return ImageIO.read(png.toFile());
  }
}
