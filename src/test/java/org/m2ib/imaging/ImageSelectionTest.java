package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;

class ImageSelectionTest {
  private static DicomObject radiograph() {
    return DicomObject.create()
        .set(Tags.SOPClassUID, Uids.COMPUTED_RADIOGRAPHY)
        .set(Tags.Modality, "CR")
        .set(Tags.ViewPosition, "PA")
        .set(Tags.Rows, 10);
  }

  private static ImageSelection.Choice choose(DicomObject header) {
    return ImageSelection.RADIOGRAPHS.choose(header);
  }

  @Test
  void aFrontalRadiographIsChosen() {
    assertThat(choose(radiograph())).isEqualTo(new ImageSelection.Choice(true, "", 1, 1));
    assertThat(choose(radiograph().remove(Tags.ViewPosition)).chosen()).isTrue();
    assertThat(choose(radiograph().remove(Tags.Modality)).chosen()).isTrue();
  }

  @Test
  void whatIsNotChosenSaysWhy() {
    reason(radiograph().set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2"), "SOP class 1.2.840");
    reason(radiograph().set(Tags.Modality, "CT"), "modality CT");
    reason(radiograph().set(Tags.ViewPosition, "OBLIQUE"), "view position OBLIQUE");
    reason(radiograph().remove(Tags.Rows), "it has no pixels");
    reason(
        radiograph().set(Tags.BitsAllocated, 16).remove(Tags.Rows), "missing at (0028,0010) Rows");
    reason(radiograph().set(Tags.NumberOfFrames, "1A"), "(0028,0008) NumberOfFrames");
  }

  private static void reason(DicomObject header, String text) {
    assertThat(choose(header).chosen()).isFalse();
    assertThat(choose(header).reason()).contains(text);
  }

  @Test
  void theServicesOwnCapturesAreNeverAttributedAgain() {
    reason(radiograph().set(Tags.SeriesDescription, "M2IB attribution"), "itself an attribution");
    reason(
        radiograph().addCode(Tags.DerivationCodeSequence, "M2IB", "99M2IB", "attribution"),
        "itself an attribution");
  }

  @Test
  void theFrameIsChosenByRule() {
    DicomObject many = radiograph().set(Tags.NumberOfFrames, "9");
    assertThat(choose(many).frame()).isEqualTo(1);
    assertThat(with("middle").choose(many).frame()).isEqualTo(5);
    assertThat(with("7").choose(many)).isEqualTo(new ImageSelection.Choice(true, "", 7, 9));
    assertThat(with("12").choose(many).reason())
        .isEqualTo("it has 9 frames; frame 12 was requested");
    assertThatThrownBy(() -> FrameChoice.parse("last")).hasMessageContaining("'last'");
  }

  private static ImageSelection with(String frame) {
    return new ImageSelection(Set.of(), Set.of(), Set.of(), FrameChoice.parse(frame));
  }
}
