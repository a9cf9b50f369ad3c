package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageOriginTest {
  @Test
  void theAgeIsThatOfTheImageElseFromTheDates() {
    assertThat(ImageOrigin.age("045Y", "", "")).isEqualTo(45);
    assertThat(ImageOrigin.age("030M", "", "")).isEqualTo(2);
    assertThat(ImageOrigin.age("060W", "", "")).isEqualTo(1);
    assertThat(ImageOrigin.age("010D", "", "")).isZero();
    assertThat(ImageOrigin.age("", "19800106", "20260105")).isEqualTo(45);
    assertThat(ImageOrigin.age("", "19800105", "20260105")).isEqualTo(46);
    for (List<String> unknown :
        List.of(
            List.of("", "", ""),
            List.of("45", "", "20260105"),
            List.of("", "19801350", "20260105"),
            List.of("", "20270101", "20260105"))) {
      assertThat(ImageOrigin.age(unknown.get(0), unknown.get(1), unknown.get(2)))
          .as(unknown.toString())
          .isNull();
    }
  }

  @Test
  void deviceSexAndAgeBandAreThoseOfTheAttributes() {
    DicomObject image =
        DicomObject.create()
            .set(Tags.Manufacturer, "Acme ")
            .set(Tags.ManufacturerModelName, "One")
            .set(Tags.PatientSex, "F")
            .set(Tags.PatientAge, "080Y");
    ImageOrigin origin = ImageOrigin.of(image);
    assertThat(origin).isEqualTo(new ImageOrigin("Acme One", "F", 80));
    assertThat(origin.ageBand()).isEqualTo("80+");
    assertThat(new ImageOrigin("", "", 17).ageBand()).isEqualTo("0-17");
    assertThat(new ImageOrigin("", "", 18).ageBand()).isEqualTo("18-39");
    assertThat(ImageOrigin.of(DicomObject.create().set(Tags.PatientSex, "x")))
        .isEqualTo(ImageOrigin.UNKNOWN);
    assertThat(ImageOrigin.UNKNOWN.ageBand()).isEmpty();
  }
}
