package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Peers;

class OverlayPlanesTest {

  private static DicomObject image(int rows, int columns) {
    return DicomFiles.made("1.2.3.4.5").set(Tags.Rows, rows).set(Tags.Columns, columns);
  }

  private static OverlayPlane plane(int rows, int columns, int... marked) {
    boolean[] mask = new boolean[rows * columns];
    for (int i : marked) {
      mask[i] = true;
    }
    return new OverlayPlane("nodule, right upper zone", "NODULE/RIGHT/UPPER", rows, columns, mask);
  }

  private static void assertSame(List<OverlayPlane> read, List<OverlayPlane> expected) {
    assertThat(read).usingRecursiveComparison().isEqualTo(expected);
  }

  @Property
  void whatIsWrittenToAFileIsRead(
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 20) int columns,
      @ForAll long bits)
      throws Exception {
    boolean[] mask = new boolean[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (bits >>> i * 7 % 64 & 1) != 0;
    }
    OverlayPlane other = new OverlayPlane("", "", rows, columns, mask);
    List<OverlayPlane> planes = List.of(plane(rows, columns, 0), other);
    DicomObject image = image(rows, columns);

    OverlayPlanes.write(image, planes);

    byte[] file = DicomFiles.bytes(image);
    assertSame(OverlayPlanes.read(DicomObject.read(new ByteArrayInputStream(file))), planes);
  }

  @Test
  void theLeastBitOfTheFirstByteIsTheFirstPixelAndRowsFollowWithoutAGap() {
    DicomObject image = image(2, 5);

    OverlayPlanes.write(image, List.of(plane(2, 5, 0, 5, 9)));

    // pixels 0 and 5 in the first byte, 9 in the second
    assertThat(image.bytes(Tags.OverlayData)).containsExactly(0b0010_0001, 0b0000_0010);
  }

  @Test
  void aPlaneElsewhereIsLaidOverTheImageAndCutAtItsEdge() {
    DicomObject image = image(3, 3);
    OverlayPlanes.write(image, List.of(plane(3, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8)));
    image.set(Tags.OverlayOrigin, 2, 3);
    assertSame(OverlayPlanes.read(image), List.of(plane(3, 3, 5, 8)));

    image.set(Tags.OverlayOrigin, 0, -1);
    assertSame(OverlayPlanes.read(image), List.of(plane(3, 3, 0, 3)));
  }

  @Test
  void anOverlayWithFramesHasOneForEachFromItsFirst() {
    DicomObject image = image(2, 4);
    OverlayPlanes.write(image, List.of(plane(2, 4)));
    image
        .set(Tags.NumberOfFramesInOverlay, 2)
        .set(Tags.ImageFrameOrigin, 3)
        .set(Tags.OverlayData, new byte[] {1, 2});

    assertThat(OverlayPlanes.read(image, 2)).isEmpty();
    assertSame(OverlayPlanes.read(image, 3), List.of(plane(2, 4, 0)));
    assertSame(OverlayPlanes.read(image, 4), List.of(plane(2, 4, 1)));
    assertThat(OverlayPlanes.read(image, 5)).isEmpty();
  }

  @Test
  void wordsOfABigEndianObjectAreReadByTheirOwnOrder() {
    Attributes bigEndian = new Attributes(true);
    DicomObject image = new DicomObject(bigEndian, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    image.set(Tags.Rows, 1).set(Tags.Columns, 16);
    image.set(Tags.OverlayRows, 1).set(Tags.OverlayColumns, 16);
    bigEndian.setBytes(Tags.OverlayData, VR.OW, new byte[] {0, 1});

    assertThat(OverlayPlanes.read(image).get(0).mask()[0]).isTrue();
  }

  @Test
  void writingAgainReplacesAndAnImageWithoutOverlaysHasNone() {
    DicomObject image = image(2, 2);
    OverlayPlanes.write(image, Collections.nCopies(16, plane(2, 2, 1)));
    assertThat(OverlayPlanes.read(image)).hasSize(16);

    OverlayPlanes.write(image, List.of());

    assertThat(OverlayPlanes.read(image)).isEmpty();
    assertThat(Arrays.stream(image.tags())).noneMatch(tag -> tag >>> 24 == 0x60);
  }

  @Test
  void anOverlayThatIsShorterThanItSaysIsRefusedByItsTag() {
    DicomObject image = image(4, 4);
    OverlayPlanes.write(image, List.of(plane(4, 4), plane(4, 4)));
    image.set(Tags.OverlayRows + 0x0002_0000, 400);

    assertThatThrownBy(() -> OverlayPlanes.read(image))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("an overlay of 400 x 4 has 2 bytes")
        .hasMessageContaining("(6002,3000)");
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    DicomObject image = image(2, 2);
    assertThatThrownBy(() -> OverlayPlanes.write(image, List.of(plane(2, 3))))
        .hasMessageContaining("2 x 3 is not the image's size");
    assertThatThrownBy(() -> OverlayPlanes.write(image, Collections.nCopies(17, plane(2, 2))))
        .hasMessageContaining("17 overlays: at most 16");
    assertThatThrownBy(() -> new OverlayPlane("", "", 2, 2, new boolean[3]))
        .hasMessageContaining("3 mask pixels are not 2 x 2");
    assertThatThrownBy(() -> new OverlayPlane("x".repeat(65), "", 1, 1, new boolean[1]))
        .hasMessageContaining("at most 64");
  }

  /** dcmtk's own view of the same file. */
  @Test
  void dcmdumpReadsThePlaneThatIsWritten(@TempDir Path folder) throws Exception {
    Peers.need("dcmdump", "dcmtk");
    DicomObject image = image(2, 5);
    OverlayPlanes.write(image, List.of(plane(2, 5, 0, 5, 9)));
    Path file = DicomFiles.write(image, folder, "overlay.dcm");

    Peers.Run dump = Peers.run("dcmdump", "+L", file.toString());

    assertThat(dump.exit()).isZero();
    assertThat(dump.output().lines())
        .anyMatch(line -> line.startsWith("(6000,3000) OB 21\\02"))
        .anyMatch(
            line -> line.contains("[nodule, right upper zone]") && line.contains("(6000,1500)"))
        .anyMatch(line -> line.startsWith("(6000,0050) SS 1\\1"));
  }
}
