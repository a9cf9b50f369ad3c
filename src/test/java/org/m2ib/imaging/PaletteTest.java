package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;

/** Descriptors that disagree with the data (PS3.3 C.7.6.3.1.5): the data's length counts. */
class PaletteTest {
  @Test
  void wordsUnderADescriptorOf8BitsHave16() {
    assertThat(table(8, new byte[] {0, 0, 0, (byte) 0x80, (byte) 0xFF, (byte) 0xFF, 1, 0}).share(1))
        .isEqualTo(0x8000 / 65_535.0);
  }

  @Test
  void bytesUnderADescriptorOf16BitsHave8() {
    assertThat(table(16, new byte[] {0, 51, (byte) 255, 7}).share(1)).isEqualTo(0.2);
  }

  @Test
  void bytesInWordsUnderADescriptorOf16BitsHave8() {
    int[] bytes = {0, 51, 102, 255};
    assertThat(shown(16, bytes, bytes, bytes, 3)).containsExactly(1, 1, 1);
  }

  @Test
  void aDarkColourHasTheBitsOfTheOthers() {
    int[] whole = {0, 0x5555, 0xAAAA, 0xFFFF};
    float[] shown = shown(8, whole, whole, new int[] {0, 0, 0, 0x80}, 3);
    assertThat(shown[0]).isEqualTo(1);
    assertThat(shown[2]).isEqualTo(0x80 / 65_535f);
  }

  @Test
  void theFirstInputIsSignedAsThePixelsAre() {
    DicomObject header = header(16, 4, new int[] {0, 51, 102, 255});
    header.set(Tags.RedPaletteColorLookupTableDescriptor, 4, -2 & 0xFFFF, 16);
    RawFrame frame = new RawFrame(1, 1, 1, "PALETTE COLOR", 8, true, new int[] {-1});
    assertThat(Colours.rgb(frame, header).values()[0]).isEqualTo(0.2f);
  }

  @Test
  void zeroEntriesAre65536() {
    DicomObject header = header(16, 0, new int[1 << 16]);
    assertThat(Colours.rgb(frame(65_535), header).values()[0]).isZero();
  }

  @Test
  void dataOfAnotherLengthAreRefused() {
    for (int entries : new int[] {3, 9, 10, 0}) {
      DicomObject header = header(16, entries, new int[] {0, 51, 102, 255});
      assertThatThrownBy(() -> Colours.rgb(frame(0), header))
          .as("%d entries", entries)
          .isInstanceOf(DicomException.class)
          .hasMessageContaining("entries");
    }
  }

  private static float[] shown(int bits, int[] red, int[] green, int[] blue, int pixel) {
    DicomObject header =
        header(bits, red.length, red)
            .set(Tags.GreenPaletteColorLookupTableData, words(green))
            .set(Tags.BluePaletteColorLookupTableData, words(blue));
    return Colours.rgb(frame(pixel), header).values();
  }

  private static RawFrame frame(int pixel) {
    return new RawFrame(1, 1, 1, "PALETTE COLOR", 16, false, new int[] {pixel});
  }

  private static DicomObject header(int bits, int entries, int[] data) {
    return DicomObject.create()
        .set(Tags.RedPaletteColorLookupTableDescriptor, entries, 0, bits)
        .set(Tags.GreenPaletteColorLookupTableDescriptor, entries, 0, bits)
        .set(Tags.BluePaletteColorLookupTableDescriptor, entries, 0, bits)
        .set(Tags.RedPaletteColorLookupTableData, words(data))
        .set(Tags.GreenPaletteColorLookupTableData, words(data))
        .set(Tags.BluePaletteColorLookupTableData, words(data));
  }

  private static byte[] words(int[] values) {
    ByteBuffer words = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      words.putShort((short) value);
    }
    return words.array();
  }

  private static LookupTable table(int bits, byte[] data) {
    DicomObject holder =
        DicomObject.create()
            .set(Tags.RedPaletteColorLookupTableDescriptor, 4, 0, bits)
            .set(Tags.RedPaletteColorLookupTableData, data);
    return LookupTable.of(
        holder,
        Tags.RedPaletteColorLookupTableDescriptor,
        Tags.RedPaletteColorLookupTableData,
        false);
  }
}
