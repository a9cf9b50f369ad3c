package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TrailingZerosTest {
  private final byte[] file = DicomFiles.bytes(DicomFiles.made("1.2.3.4.5"));

  TrailingZerosTest() throws IOException {}

  @Test
  void zeroBytesAfterTheLastElementArePassedOver() throws IOException {
    for (int more = 1; more < 40; more++) {
      DicomObject read = read(Arrays.copyOf(file, file.length + more));
      assertThat(read.tags()).as("%d zeros", more).isEqualTo(read(file).tags());
    }
  }

  @Test
  void zeroBytesBetweenElementsAreDamage() {
    byte[] damaged = Arrays.copyOf(file, file.length + 40);
    damaged[file.length + 30] = 1;
    assertThatThrownBy(() -> read(damaged)).isInstanceOf(DicomException.class);
  }

  @Test
  void anObjectThatEndsInAHeaderIsDamaged() {
    byte[] damaged = Arrays.copyOf(file, file.length + 5);
    damaged[file.length + 2] = 1;
    assertThatThrownBy(() -> read(damaged)).isInstanceOf(DicomException.class);
  }

  private static DicomObject read(byte[] bytes) throws IOException {
    return DicomObject.read(new ByteArrayInputStream(bytes));
  }
}
