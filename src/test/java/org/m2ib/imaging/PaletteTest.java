package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomObject;
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
