package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Frames against those that pydicom reads, see src/test/python/dicom_pixels.py. */
class PixelReaderTest {

  @TestFactory
  Stream<DynamicTest> framesAreThoseThatPydicomReads() throws Exception {
    JsonNode goldens = new ObjectMapper().readTree(DicomFiles.path("pixels.json").toFile());
    return goldens.properties().stream()
        .filter(golden -> PixelReader.decodes(DicomFiles.read(golden.getKey()).transferSyntaxUid()))
        .map(
            golden ->
                dynamicTest(golden.getKey(), () -> compare(golden.getKey(), golden.getValue())));
  }

  private static void compare(String name, JsonNode golden) throws Exception {
    DicomObject object = DicomFiles.read(name);
    JsonNode frames = golden.get("frames");
    assertThat(PixelReader.frameCount(object)).isEqualTo(frames.size());
    for (int n = 1; n <= frames.size(); n++) {
      JsonNode expected = frames.get(n - 1);
      RawFrame frame = PixelReader.frame(object, n);
      assertThat(frame.rows()).isEqualTo(expected.get("shape").get(0).asInt());
      assertThat(frame.columns()).isEqualTo(expected.get("shape").get(1).asInt());
      String photometric = expected.get("photometric").asText();
      assertThat(frame.photometricInterpretation())
          .isEqualTo(photometric.equals("YBR_FULL_422") ? "YBR_FULL" : photometric);
      int worst = 0;
      for (int i = 0; i < expected.get("at").size(); i++) {
        int value = frame.values()[expected.get("at").get(i).asInt()];
        worst = Math.max(worst, Math.abs(value - expected.get("samples").get(i).asInt()));
      }
      if (golden.get("lossy").asBoolean()) {
        // decoders of lossy codes may round differently
        assertThat(worst).isLessThanOrEqualTo(Math.max(2, 1 << (frame.bitsStored() - 8) >> 1));
        double sum = Arrays.stream(frame.values()).asLongStream().sum();
        assertThat(sum / frame.values().length)
            .isCloseTo(expected.get("sum").asDouble() / frame.values().length, within(0.5));
      } else {
        assertThat(worst).isZero();
        assertThat(sha256(frame.values())).isEqualTo(expected.get("sha256").asText());
      }
    }
  }

  private static String sha256(int[] values) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
  }

  private static DicomObject grey(int rows, int columns, int stored, int high, byte... pixels) {
    return DicomFiles.made("1.2.3.4.5")
        .set(Tags.SamplesPerPixel, 1)
        .set(Tags.PhotometricInterpretation, "MONOCHROME2")
        .set(Tags.Rows, rows)
        .set(Tags.Columns, columns)
        .set(Tags.BitsAllocated, 16)
        .set(Tags.BitsStored, stored)
        .set(Tags.HighBit, high)
        .set(Tags.PixelRepresentation, 0)
        .set(Tags.PixelData, pixels);
  }

  @Test
  void bitsAboveTheStoredOnesAreCleared() {
    DicomObject object = grey(1, 2, 12, 11, (byte) 0xFF, (byte) 0xFF, (byte) 0x34, (byte) 0xF2);
    assertThat(PixelReader.frame(object, 1).values()).containsExactly(0xFFF, 0x234);
  }

  @Test
  void theSignIsExtendedFromTheHighBit() {
    DicomObject object = grey(1, 2, 12, 11, (byte) 0xFF, (byte) 0x0F, (byte) 0xFF, (byte) 0x07);
    object.set(Tags.PixelRepresentation, 1);
    assertThat(PixelReader.frame(object, 1).values()).containsExactly(-1, 2047);
  }

  @Test
  void aHighBitAboveTheStoredOnesShiftsThemDown() {
    DicomObject object = grey(1, 1, 12, 15, (byte) 0x4F, (byte) 0x23);
    assertThat(PixelReader.frame(object, 1).values()).containsExactly(0x234);
  }

  @Test
  void planesAreInterleaved() {
    DicomObject object =
        grey(1, 2, 8, 7, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.SamplesPerPixel, 3)
            .set(Tags.PhotometricInterpretation, "RGB")
            .set(Tags.PlanarConfiguration, 1);
    assertThat(PixelReader.frame(object, 1).values()).containsExactly(1, 3, 5, 2, 4, 6);
  }

  /** Half of the intensities would be black. */
  @Test
  void signedColoursAreRefused() {
    DicomObject object =
        grey(1, 1, 8, 7, (byte) 1, (byte) 200, (byte) 3)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.SamplesPerPixel, 3)
            .set(Tags.PhotometricInterpretation, "RGB")
            .set(Tags.PixelRepresentation, 1);
    assertThatThrownBy(() -> PixelReader.frame(object, 1))
        .hasMessageContaining("signed samples make no colour in RGB at (0028,0103)");
  }

  @Test
  void halfTheColoursInPlanesAreRefused() {
    DicomObject object =
        grey(1, 2, 8, 7, (byte) 1, (byte) 2, (byte) 3, (byte) 4)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.SamplesPerPixel, 3)
            .set(Tags.PhotometricInterpretation, "YBR_FULL_422")
            .set(Tags.PlanarConfiguration, 1);
    assertThatThrownBy(() -> PixelReader.frame(object, 1))
        .hasMessageContaining("no colour planes of its own at (0028,0006)");
  }

  @Test
  void aFrameIsTakenByItsNumber() {
    DicomObject object =
        grey(1, 1, 16, 15, (byte) 1, (byte) 0, (byte) 2, (byte) 0).set(Tags.NumberOfFrames, 2);
    assertThat(PixelReader.frame(object, 2).values()).containsExactly(2);
    assertThatThrownBy(() -> PixelReader.frame(object, 3))
        .hasMessageContaining("frame 3 is asked for, there are 2");
    assertThatThrownBy(() -> PixelReader.frame(object, 0)).isInstanceOf(DicomException.class);
  }

  @Test
  void formsThatAreNotReadAreNamed() {
    DicomObject video = new DicomObject(grey(1, 1, 16, 15).attributes(), "1.2.840.10008.1.2.4.102");
    assertThatThrownBy(() -> PixelReader.frame(video.set(Tags.PixelData, new byte[2]), 1))
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("MPEG-4 AVC/H.264")
        .hasMessageContaining("1.2.840.10008.1.2.4.102");
    assertThatThrownBy(() -> PixelReader.frame(DicomFiles.read("test-SR.dcm"), 1))
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("no pixels at (7FE0,0010) PixelData");
  }

  @Test
  void sizesThatContradictTheDataAreRefused() {
    assertThatThrownBy(() -> PixelReader.frame(grey(2, 2, 16, 15, new byte[6]), 1))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("need 8 bytes but have 6");
    DicomObject absurd = grey(65_535, 65_535, 16, 15, new byte[6]);
    assertThatThrownBy(() -> PixelReader.frame(absurd, 1))
        .hasMessageContaining("exceeds the limit")
        .hasMessageContaining("(0028,0010)");
    DicomObject many =
        grey(1000, 1000, 16, 15, new byte[6]).set(Tags.NumberOfFrames, 2_000_000_000);
    assertThatThrownBy(() -> PixelReader.frame(many, 1_999_999_999)).hasMessageContaining("have 6");
  }

  @Test
  void formatsThatMakeNoSenseNameTheirTag() {
    assertThatThrownBy(() -> PixelReader.frame(grey(1, 1, 17, 16, new byte[2]), 1))
        .hasMessageContaining("17 bits stored in 16 allocated at (0028,0101)");
    assertThatThrownBy(
            () -> PixelReader.frame(grey(1, 1, 16, 15, new byte[2]).remove(Tags.Rows), 1))
        .hasMessageContaining("missing at (0028,0010) Rows");
    assertThatThrownBy(
            () -> PixelReader.frame(grey(1, 1, 16, 15, new byte[2]).set(Tags.Rows, 0), 1))
        .hasMessageContaining("below 1");
    assertThatThrownBy(
            () -> PixelReader.frame(grey(1, 1, 1, 0, new byte[2]).set(Tags.BitsAllocated, 1), 1))
        .isInstanceOf(UnsupportedPixelsException.class);
    assertThatThrownBy(
            () ->
                PixelReader.frame(grey(1, 1, 16, 15, new byte[2]).set(Tags.SamplesPerPixel, 3), 1))
        .hasMessageContaining("3 samples do not make a pixel of MONOCHROME2");
  }

  @Test
  void aHighBitThatDoesNotFitIsPassedOver() {
    DicomObject object = grey(1, 1, 16, 11, (byte) 0x34, (byte) 0xF2);
    assertThat(PixelReader.frame(object, 1).values()).containsExactly(0xF234);
  }

  @Test
  void numbersOfFramesAndPhotometricInterpretationsAreReadAsOthersWriteThem() {
    DicomObject object = grey(1, 1, 16, 15, (byte) 1, (byte) 0);
    object.set(Tags.PhotometricInterpretation, "monochrome2");
    for (String frames : new String[] {"0", "1.0", "1"}) {
      object.set(Tags.NumberOfFrames, frames);
      assertThat(PixelReader.frameCount(object)).as(frames).isEqualTo(1);
      assertThat(PixelReader.frame(object, 1).photometricInterpretation()).isEqualTo("MONOCHROME2");
    }
    object.set(Tags.NumberOfFrames, "one");
    assertThatThrownBy(() -> PixelReader.frameCount(object)).hasMessageContaining("(0028,0008)");
  }

  @Test
  void lengthsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> PixelReader.frame(grey(2, 2, 16, 15, new byte[16]), 1))
        .hasMessageContaining("need 8 bytes but have 16");
    byte[] more = {1, 0, 2, 0, 3, 0, 4, 0, 5, 0};
    assertThatThrownBy(() -> PixelReader.frame(grey(2, 2, 16, 15, more), 1))
        .hasMessageContaining("have 10");
    DicomObject cut = grey(1, 2, 16, 15, new byte[6]).set(Tags.NumberOfFrames, 2);
    assertThatThrownBy(() -> PixelReader.frame(cut, 1)).hasMessageContaining("have 6");
    byte[] padded = {1, 0, 2, 0, 3, 0, 4, 0, 0, 0};
    assertThat(PixelReader.frame(grey(2, 2, 16, 15, padded), 1).values())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void allSamplesUnderTheNameOfHalfTheColoursAreRead() {
    DicomObject object =
        grey(1, 2, 8, 7, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.SamplesPerPixel, 3)
            .set(Tags.PhotometricInterpretation, "YBR_FULL_422");
    RawFrame frame = PixelReader.frame(object, 1);
    assertThat(frame.photometricInterpretation()).isEqualTo("YBR_FULL");
    assertThat(frame.values()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  /** At every length: nothing is filled up. */
  @Test
  @SuppressWarnings("unchecked")
  void aStreamThatIsCutOffIsNeverAPicture() {
    for (String name :
        new String[] {
          "j2k_resolution_parts_tnsot0",
          "j2k_tiles_interleaved_tnsot0",
          "j2k_psot0_tnsot0",
          "jpll_12_p6_pt0",
          "jpll_12_p1_pt4",
          "jpeg_baseline_grey",
          "jpeg_baseline_422",
          "rle_16_unsigned_1"
        }) {
      DicomObject object = DicomFiles.read("codecs/" + name + ".dcm");
      var fragments = (java.util.List<Object>) object.attributes().getValue(Tags.PixelData);
      byte[] whole = (byte[]) fragments.get(1);
      for (int length = 0; length < whole.length - 4; length += 1 + whole.length / 40) {
        fragments.set(1, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> PixelReader.frame(object, 1))
            .as(name + " at " + length)
            .isInstanceOf(DicomException.class);
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void aTilePartThatIsMissingIsNamed() {
    DicomObject object = DicomFiles.read("codecs/j2k_resolution_parts.dcm");
    var fragments = (java.util.List<Object>) object.attributes().getValue(Tags.PixelData);
    byte[] stream = (byte[]) fragments.get(1);
    int last = 0;
    for (int i = 0; i + 12 < stream.length; i++) {
      if (stream[i] == (byte) 0xFF && stream[i + 1] == (byte) 0x90 && stream[i + 3] == 10) {
        last = i;
      }
    }
    byte[] cut = Arrays.copyOf(stream, last + 2);
    cut[last + 1] = (byte) 0xD9;
    fragments.set(1, cut);
    assertThatThrownBy(() -> PixelReader.frame(object, 1))
        .hasMessageContaining("has 5 of 6 tile-parts of tile 0");
  }

  @Test
  void samplesThatDoNotFitTheBitsStoredAreRefused() {
    for (String name : new String[] {"j2k_roi", "jpll_12_p4_pt2"}) {
      DicomObject object = DicomFiles.read("codecs/" + name + ".dcm");
      object.set(Tags.BitsStored, 10).set(Tags.HighBit, 9);
      assertThatThrownBy(() -> PixelReader.frame(object, 1))
          .as(name)
          .hasMessageContaining("does not fit 10 bits stored");
    }
  }

  @Test
  void compressedCellsWhoseStoredBitsAreNotTheLowestAreRead() throws IOException {
    for (String name :
        new String[] {
          "jpll_16_p1_pt0", "jls_16_unsigned", "j2k_16_unsigned_tnsot0", "htj2k_16_unsigned"
        }) {
      DicomObject object = DicomFiles.read("codecs/" + name + ".dcm");
      int[] cells = PixelReader.frame(object, 1).values();
      object.set(Tags.BitsStored, 12).set(Tags.HighBit, 15);
      int[] values = Arrays.stream(cells).map(cell -> cell >>> 4).toArray();
      assertThat(PixelReader.frame(object, 1).values()).as(name).isEqualTo(values);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Uncompressed.write(object, out);
      DicomObject written = DicomObject.read(new ByteArrayInputStream(out.toByteArray()));
      assertThat(written.integer(Tags.HighBit, 0)).isEqualTo(15);
      assertThat(PixelReader.frame(written, 1).values()).as(name).isEqualTo(values);
      assertThat(FrameBytes.uncompressed(object, 1))
          .as(name)
          .isEqualTo(FrameBytes.uncompressed(written, 1));
    }
  }

  @Test
  void storedBitsThatAreNotTheLowestStayThereUncompressed() throws IOException {
    for (String name : new String[] {"frames_rle_single", "deflated_16_unsigned_1"}) {
      DicomObject object = DicomFiles.read("codecs/" + name + ".dcm");
      object.set(Tags.BitsStored, 12).set(Tags.HighBit, 15);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Uncompressed.write(object, out);
      DicomObject written = DicomObject.read(new ByteArrayInputStream(out.toByteArray()));
      assertThat(PixelReader.frame(written, 1).values())
          .as(name)
          .isEqualTo(PixelReader.frame(object, 1).values());
      assertThat(FrameBytes.uncompressed(object, 1))
          .as(name)
          .isEqualTo(FrameBytes.uncompressed(written, 1));
    }
  }

  @Test
  void damagedCodeStreamsAreErrorsNotCrashes() {
    for (String name :
        new String[] {
          "RG1_J2KI.dcm", "JPEG-LL.dcm", "OBXXXX1A_rle.dcm", "pixels/SC_rgb_jpeg_dcmtk.dcm"
        }) {
      DicomObject object = DicomFiles.read(name);
      byte[] stream = object.fragments(Tags.PixelData).get(1);
      // everything after the header is cut off: all bytes of the same array, so nothing is copied
      IntStream.range(20, stream.length).forEach(i -> stream[i] = (byte) 0xFF);
      assertThatThrownBy(() -> PixelReader.frame(object, 1))
          .as(name)
          .isInstanceOf(DicomException.class);
    }
  }

  @Test
  void aCompressedPictureOfAnotherSizeIsRefusedBeforeItIsDecoded() {
    for (String name : new String[] {"RG1_J2KI.dcm", "JPEG-LL.dcm"}) {
      DicomObject object = DicomFiles.read(name).set(Tags.Rows, 17);
      assertThatThrownBy(() -> PixelReader.frame(object, 1))
          .hasMessageContaining("the header says 17");
    }
  }
}
