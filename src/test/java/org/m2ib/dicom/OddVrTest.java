package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a radiograph whose elements are explicit, little-endian. */
class OddVrTest {
  private static final String RADIOGRAPH = "identity/vr_study_uid_lo.dcm";

  static Stream<String> noVrs() {
    return Stream.of("  ", "--", "??", "lo", "L ");
  }

  @ParameterizedTest
  @MethodSource("noVrs")
  void aVrThatIsNoneIsThatOfTheDictionaryWithALengthOfTwoBytes(String vr) throws IOException {
    DicomObject right = DicomFiles.read(RADIOGRAPH);
    byte[] bytes = DicomFiles.bytes(right);
    replace(bytes, Tags.PatientID, vr);
    replace(bytes, Tags.Modality, vr);
    replace(bytes, Tags.Rows, vr);

    DicomObject read = DicomObject.read(new ByteArrayInputStream(bytes));

    assertThat(read.string(Tags.PatientID, "")).isEqualTo(right.string(Tags.PatientID, ""));
    assertThat(read.string(Tags.Modality, "")).isEqualTo(right.string(Tags.Modality, ""));
    assertThat(read.integer(Tags.Rows, 0)).isEqualTo(right.integer(Tags.Rows, -1));
    assertThat(read.tags()).isEqualTo(right.tags());
  }

  private static void replace(byte[] file, int tag, String vr) {
    for (int at = 132; at + 6 < file.length; at++) {
      int group = file[at] & 0xFF | (file[at + 1] & 0xFF) << 8;
      int element = file[at + 2] & 0xFF | (file[at + 3] & 0xFF) << 8;
      if ((group << 16 | element) == tag && file[at + 4] >= 'A' && file[at + 5] >= 'A') {
        System.arraycopy(vr.getBytes(StandardCharsets.US_ASCII), 0, file, at + 4, 2);
        return;
      }
    }
    throw new IllegalArgumentException("no such element");
  }
}
