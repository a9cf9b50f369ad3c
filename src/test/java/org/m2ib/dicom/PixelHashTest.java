package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import org.aoju.bus.image.galaxy.data.VR;
import org.junit.jupiter.api.Test;

class PixelHashTest {

  private static DicomObject image() {
    DicomObject image = DicomFiles.made("1.2.3.4.5");
    image.attributes().setBytes(Tags.PixelData, VR.OW, new byte[] {1, 2, 3, 4});
    return image;
  }

  @Test
  void theSamePixelsHaveTheSameHashUnderAnotherNameAndInAnotherTransferSyntax() throws Exception {
    String hash = PixelHash.of(image());
    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(PixelHash.of(image().set(Tags.PatientName, "Other^Name"))).isEqualTo(hash);
    byte[] written = DicomFiles.bytes(image());
    assertThat(PixelHash.of(DicomObject.read(new ByteArrayInputStream(written)))).isEqualTo(hash);
  }

  @Test
  void oneOtherPixelIsAnotherHash() {
    DicomObject other = image();
    other.attributes().setBytes(Tags.PixelData, VR.OW, new byte[] {1, 2, 3, 5});
    assertThat(PixelHash.of(other)).isNotEqualTo(PixelHash.of(image()));
  }

  @Test
  void anotherWindowIsAnotherHash() {
    assertThat(PixelHash.of(image().set(Tags.WindowCenter, "17")))
        .isNotEqualTo(PixelHash.of(image()));
  }

  @Test
  void compressedPixelsAreTold() throws Exception {
    DicomObject image = DicomFiles.read("JPEG-LL.dcm");
    String hash = PixelHash.of(image);
    image.fragments(Tags.PixelData).get(1)[1000] ^= 1;
    assertThat(PixelHash.of(image)).isNotEqualTo(hash);
  }
}
