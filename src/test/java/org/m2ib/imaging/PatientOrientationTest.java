package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

class PatientOrientationTest {
  private static DicomObject slice(String orientation) {
    return DicomFiles.made("1.2.3.4.5")
        .set(Tags.ImagePositionPatient, "-100", "-100", "50")
        .set(Tags.ImageOrientationPatient, orientation.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 0 0 0 1 0               | L\\P
          1 0 0 0 0 -1              | L\\F
          0 1 0 0 0 -1              | P\\F
          0.995 0.0998 0 0 1 0      | L\\P
          0.707 0.707 0 -0.707 0.707 0 | LP\\PR
          """)
  void aSliceWithoutPatientOrientationHasThatOfItsPlane(String orientation, String expected) {
    String words = ImageFile.patientOrientation(slice(orientation), 1);
    assertThat(words.replace("RP", "PR").replace("PL", "LP")).isEqualTo(expected);
  }

  @Test
  void whatIsStatedGoesBeforeThePlane() {
    DicomObject object = slice("1 0 0 0 1 0").set(Tags.PatientOrientation, "R", "F");
    assertThat(ImageFile.patientOrientation(object, 1)).isEqualTo("R\\F");
  }

  @Test
  void framesHaveTheirOwnPlane() {
    DicomObject object = DicomFiles.made("1.2.3.4.5");
    DicomObject shared = object.addItem(Tags.SharedFunctionalGroupsSequence);
    shared
        .addItem(Tags.PlaneOrientationSequence)
        .set(Tags.ImageOrientationPatient, "1 0 0 0 1 0".split(" "));
    shared.addItem(Tags.PlanePositionSequence).set(Tags.ImagePositionPatient, "0", "0", "0");
    assertThat(ImageFile.patientOrientation(object, 1)).isEqualTo("L\\P");
  }

  @Test
  void withoutEitherItIsNotKnown() {
    assertThat(ImageFile.patientOrientation(DicomFiles.made("1.2.3.4.5"), 1)).isNull();
  }
}
