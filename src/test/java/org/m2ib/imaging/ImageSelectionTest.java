package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;
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

  /** What the configuration selects where nothing is configured. */
  private static ImageSelection.Choice choose(DicomObject header) {
    M2ibConfig.Images images = TestConfig.of(Map.of()).images();
    return new ImageSelection(
            Set.copyOf(images.sopClasses()),
            Set.copyOf(images.modalities()),
            Set.copyOf(images.viewPositions()),
            new ImageSelection.Exclusions(
                Set.copyOf(images.excludedImageTypes()),
                images.excludeDerived(),
                images.excludeBurnedIn()),
            FrameChoice.parse(images.frame()),
            object -> false)
        .choose(header);
  }

  @Test
  void aFrontalRadiographIsChosen() {
    assertThat(choose(radiograph())).isEqualTo(new ImageSelection.Choice(true, null, 1, 1));
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
    ImageSelection all = ImageSelection.all(FrameChoice.FIRST, object -> object.has(Tags.Rows));
    assertThat(all.choose(radiograph()).reason()).isEqualTo("it is itself an attribution");
  }

  @Test
  void theFrameIsChosenByRule() {
    DicomObject many = radiograph().set(Tags.NumberOfFrames, "9");
    assertThat(choose(many).frame()).isEqualTo(1);
    assertThat(with("middle").choose(many).frame()).isEqualTo(5);
    assertThat(with("7").choose(many)).isEqualTo(new ImageSelection.Choice(true, null, 7, 9));
    assertThat(with("12").choose(many).reason())
        .isEqualTo("it has 9 frames; frame 12 was requested");
    assertThatThrownBy(() -> FrameChoice.parse("last")).hasMessageContaining("'last'");
  }

  private static ImageSelection with(String frame) {
    return ImageSelection.all(FrameChoice.parse(frame), object -> false);
  }

  @Test
  void whatWasMadeFromAnotherImageIsNotAttributed() {
    DicomObject made = radiograph().set(Tags.ImageType, "DERIVED", "SECONDARY");
    assertThat(choose(made).chosen()).isTrue(); // such as a digitised film
    made.addItem(Tags.SourceImageSequence).set(Tags.ReferencedSOPInstanceUID, "1.2.3");
    reason(made, "it was made from another image");
    DicomObject source = made.sequence(Tags.SourceImageSequence).get(0);
    source.addCode(
        Tags.PurposeOfReferenceCodeSequence, "121320", "DCM", "Uncompressed predecessor");
    assertThat(choose(made).chosen()).isTrue(); // the same picture, compressed
    source.remove(Tags.PurposeOfReferenceCodeSequence);
    reason(made, "it was made from another image");
    assertThat(choose(made.set(Tags.ImageType, "DERIVED", "PRIMARY")).chosen()).isTrue();
    assertThat(choose(made.set(Tags.ImageType, "ORIGINAL", "PRIMARY")).chosen()).isTrue();
  }

  @Test
  void screenCapturesOfOtherProgramsAreNotAttributed() {
    reason(
        radiograph().set(Tags.ImageType, "DERIVED", "SECONDARY", "SCREEN SAVE"),
        "image type SCREEN SAVE is excluded");
    reason(radiograph().set(Tags.ImageType, "ORIGINAL", "PRIMARY", "LOCALIZER"), "LOCALIZER");
  }

  @Test
  void burnedInTextExcludesWhereThatIsConfigured() {
    DicomObject burned = radiograph().set(Tags.BurnedInAnnotation, "YES");
    assertThat(choose(burned).chosen()).isTrue();
    ImageSelection strict =
        new ImageSelection(
            Set.of(),
            Set.of(),
            Set.of(),
            new ImageSelection.Exclusions(Set.of(), false, true),
            FrameChoice.FIRST,
            object -> false);
    assertThat(strict.choose(burned).reason()).isEqualTo("it has burned-in text");
    assertThat(strict.choose(burned.set(Tags.BurnedInAnnotation, "NO")).chosen()).isTrue();
  }
}
