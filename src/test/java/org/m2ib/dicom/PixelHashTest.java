package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class PixelHashTest {

  private static DicomObject image() {
    return DicomFiles.made("1.2.3.4.5");
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
    byte[] pixels = other.bytes(Tags.PixelData).clone();
    pixels[0] ^= 1;
    other.attributes().setBytes(Tags.PixelData, org.aoju.bus.image.galaxy.data.VR.OW, pixels);
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
    image.fragments(Tags.PixelData).get(0)[1000] ^= 1;
    assertThat(PixelHash.of(image)).isNotEqualTo(hash);
  }
}
