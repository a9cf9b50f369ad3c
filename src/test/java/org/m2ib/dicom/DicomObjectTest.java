package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomObjectTest {
  @TempDir Path folder;

  private static final int REAL_WORLD_VALUE_SLOPE = 0x0040_9225; // FD

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "+1., 1",
    "-.5, -0.5",
    "' 2.50 ', 2.5",
    "1E3, 1000",
    "-1e-2, -0.01",
    "007, 7",
    "0.14300000667572021, 0.14300000667572021"
  })
  void aDecimalStringIsReadAsTheStandardHasIt(String text, double value) {
    DicomObject object = DicomObject.create().set(Tags.WindowCenter, text);
    assertThat(object.doubles(Tags.WindowCenter)).containsExactly(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "+Infinity",
        "0x1p3",
        "0x1.8p1",
        "1d",
        "1f",
        "1D",
        "1.5F",
        "1e999",
        "AUTO",
        "1.#QNAN",
        "1,5",
        "1 5",
        ".",
        "e5",
        "1e",
        "--1",
        "٣",
        "1_000"
      })
  void whatIsNoDecimalStringCountsAsAbsent(String text) {
    DicomObject object =
        DicomObject.create()
            .set(Tags.WindowCenter, text)
            .set(Tags.WindowWidth, "5", text, "6")
            .set(Tags.NumberOfFrames, text);
    assertThat(object.doubles(Tags.WindowCenter)).isEmpty();
    assertThat(object.doubles(Tags.WindowWidth)).containsExactly(5);
    assertThat(object.integer(Tags.NumberOfFrames, 7)).isEqualTo(7);
    assertThatThrownBy(() -> object.requiredInteger(Tags.NumberOfFrames))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("the value is not an integer")
        .hasMessageContaining("(0028,0008)");
  }

  @Test
  void anIntegerStringIsWholeAndFitsAnInt() {
    DicomObject object = DicomObject.create();
    assertThat(object.set(Tags.NumberOfFrames, " +3 ").integers(Tags.NumberOfFrames))
        .containsExactly(3);
    assertThat(object.set(Tags.NumberOfFrames, "1.0").integers(Tags.NumberOfFrames))
        .containsExactly(1);
    assertThat(object.set(Tags.NumberOfFrames, "1.5").integers(Tags.NumberOfFrames)).isEmpty();
    assertThat(object.set(Tags.NumberOfFrames, "4294967297").integers(Tags.NumberOfFrames))
        .isEmpty();
  }

  @Test
  void binaryValuesThatAreNoNumbersCountAsAbsentToo() {
    DicomObject object = DicomObject.create().set(REAL_WORLD_VALUE_SLOPE, Double.NaN);
    assertThat(object.doubles(REAL_WORLD_VALUE_SLOPE)).isEmpty();
    object.set(REAL_WORLD_VALUE_SLOPE, 2.5, Double.POSITIVE_INFINITY);
    assertThat(object.doubles(REAL_WORLD_VALUE_SLOPE)).containsExactly(2.5);
  }

  /** Some 700 KB that would take gigabytes; the ceiling before the pixels is the lower one. */
  @ParameterizedTest
  @CsvSource({"1, true, 64 MiB", "70, true, 64 MiB", "1, false, 64 MiB"})
  void aDeflatedDataSetInflatesToNoMoreThanItsCeiling(
      int mebibytes, boolean withPixels, String limit) throws IOException {
    byte[] deflated = deflated(Math.max(1, 70 / mebibytes), mebibytes << 20);
    assertThat(deflated.length).isLessThan(200_000);
    Path file = Files.write(folder.resolve("bomb.dcm"), deflated);
    assertThatThrownBy(() -> DicomObject.read(file, header -> withPixels))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("the deflated data set inflates to more than " + limit);
  }

  /** 400 KB could take 400 MiB of memory, for a picture of 16 bytes. */
  @Test
  void deflatedPixelsInflateToNoMoreThanThePicture() throws IOException {
    for (int length : new int[] {16, 60 << 20}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      DataSetWriter.writeFileMeta(
          Uids.SECONDARY_CAPTURE, "1.2.3", Uids.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, "TEST", out);
      try (DeflaterOutputStream data =
          new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, true))) {
        ByteBuffer elements = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        for (int element : new int[] {0x10, 0x11, 0x100}) { // rows, columns, bits allocated
          elements.putShort((short) 0x0028).putShort((short) element).put(new byte[] {'U', 'S'});
          elements.putShort((short) 2).putShort((short) (element == 0x100 ? 8 : 4));
        }
        elements.putShort((short) 0x7FE0).putShort((short) 0x0010);
        elements.put(new byte[] {'O', 'B', 0, 0}).putInt(length);
        data.write(elements.array(), 0, elements.position());
        data.write(new byte[length]);
      }
      Path file = Files.write(folder.resolve("bomb.dcm"), out.toByteArray());
      assertThat(DicomObject.read(file, header -> false).integer(Tags.Rows, 0)).isEqualTo(4);
      if (length == 16) {
        assertThat(DicomObject.read(file).bytes(Tags.PixelData)).hasSize(16);
      } else {
        assertThatThrownBy(() -> DicomObject.read(file))
            .isInstanceOf(DicomException.class)
            .hasMessageContaining("the deflated pixels are longer than their size");
      }
    }
  }

  private static byte[] deflated(int elements, int length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataSetWriter.writeFileMeta(
        Uids.SECONDARY_CAPTURE, "1.2.3", Uids.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, "TEST", out);
    Deflater raw = new Deflater(Deflater.BEST_COMPRESSION, true);
    try (DeflaterOutputStream data = new DeflaterOutputStream(out, raw)) {
      ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < elements; i++) {
        header.clear().putShort((short) 0x0009).putShort((short) (0x1000 + i));
        header.put(new byte[] {'O', 'B', 0, 0}).putInt(length);
        data.write(header.array());
        data.write(new byte[length]);
      }
    }
    return out.toByteArray();
  }
}
