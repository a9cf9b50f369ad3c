package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

class PixelShapeTest {

  @Test
  void aPixelsShapeIsToldBySpacingOrElseByItsAspectRatio() {
    DicomObject object = DicomObject.create();
    assertThat(PixelShape.aspect(object, 1)).isEqualTo(1);
    assertThat(aspect(object, Tags.PixelAspectRatio, "2", "1")).isEqualTo(2);
    assertThat(aspect(object, Tags.NominalScannedPixelSpacing, "0.1", "0.2")).isEqualTo(0.5);
    assertThat(aspect(object, Tags.ImagerPixelSpacing, "0.3", "0.1")).isCloseTo(3, within());
    assertThat(aspect(object, Tags.PixelSpacing, "0.4", "0.2")).isEqualTo(2);
  }

  @Test
  void aShapeThatIsNoneIsPassedOver() {
    DicomObject object = DicomObject.create().set(Tags.PixelAspectRatio, "1", "2");
    assertThat(aspect(object, Tags.PixelSpacing, "0", "0")).isEqualTo(0.5);
    assertThat(aspect(object, Tags.PixelSpacing, "-1", "1")).isEqualTo(0.5);
    assertThat(aspect(object, Tags.PixelSpacing, "NaN", "1")).isEqualTo(0.5);
    assertThat(aspect(object, Tags.PixelSpacing, "0.2")).isEqualTo(0.5);
    assertThat(aspect(object, Tags.PixelAspectRatio, "0", "1")).isEqualTo(1);
  }

  @Test
  void whereASpacingHoldsIsOnlySaidIfTheImageTellsIt() {
    DicomObject object = DicomObject.create();
    assertThat(PixelShape.place(object, 1)).isNull();
    object.set(Tags.NominalScannedPixelSpacing, "0.1", "0.1");
    assertThat(PixelShape.place(object, 1)).isEqualTo(PixelShape.Place.FILM);
    object.set(Tags.ImagerPixelSpacing, "0.2", "0.2");
    assertThat(PixelShape.place(object, 1)).isEqualTo(PixelShape.Place.DETECTOR);
    object.set(Tags.PixelSpacing, "0.2", "0.2");
    assertThat(PixelShape.place(object, 1)).isEqualTo(PixelShape.Place.DETECTOR);
    object.set(Tags.PixelSpacing, "0.18", "0.18");
    assertThat(PixelShape.place(object, 1)).isEqualTo(PixelShape.Place.PATIENT);
    DicomObject alone = DicomObject.create().set(Tags.PixelSpacing, "0.2", "0.2");
    assertThat(PixelShape.place(alone, 1)).isEqualTo(PixelShape.Place.UNSTATED);
    alone.set(Tags.PixelSpacingCalibrationType, "FIDUCIAL");
    assertThat(PixelShape.place(alone, 1)).isEqualTo(PixelShape.Place.PATIENT);
    assertThat(PixelShape.place(DicomFiles.read("CT_small.dcm"), 1))
        .isEqualTo(PixelShape.Place.PATIENT);
  }

  @Test
  void theDirectionsOfASliceAreThoseItRunsTo() {
    assertThat(PlaneGeometry.of(DicomFiles.read("CT_small.dcm"), 1).directions())
        .containsExactly("L", "P");
    DicomObject tilted =
        DicomObject.create()
            .set(Tags.ImagePositionPatient, 0.0, 0.0, 0.0)
            .set(Tags.ImageOrientationPatient, 0.6, 0.8, 0.0, 0.001, 0.0, -1.0);
    assertThat(PlaneGeometry.of(tilted, 1).directions()).containsExactly("PL", "F");
  }

  @Test
  void theWindowsOfAnImageHaveTheirNamesAndNoneIsWithoutWidth() {
    DicomObject object =
        DicomObject.create()
            .set(Tags.WindowCenter, "40", "-600", "1")
            .set(Tags.WindowWidth, "400", "1500", "0")
            .set(Tags.WindowCenterWidthExplanation, "SOFT ");
    assertThat(NamedWindow.of(object, 1))
        .containsExactly(new NamedWindow("SOFT", 40, 400), new NamedWindow("", -600, 1500));
    assertThat(NamedWindow.of(DicomObject.create(), 1)).isEmpty();
  }

  /** PS3.3 C.7.6.16.2.1. */
  @Test
  void aFramesOwnPixelMeasuresGoBeforeThoseThatAllShare() {
    DicomObject object = DicomObject.create().set(Tags.PixelSpacing, "1", "1");
    measures(object.addItem(Tags.SharedFunctionalGroupsSequence), "0.4", "0.2");
    object.addItem(Tags.PerFrameFunctionalGroupsSequence);
    measures(object.addItem(Tags.PerFrameFunctionalGroupsSequence), "0.1", "0.2");
    assertThat(PixelShape.spacing(object, 1)).containsExactly(0.4, 0.2);
    assertThat(PixelShape.spacing(object, 2)).containsExactly(0.1, 0.2);
    assertThat(PixelShape.aspect(object, 2)).isEqualTo(0.5);
  }

  /** 128 x 256 pixels twice as high as wide: the model sees all of it, not the raster's middle. */
  @Test
  void aWholeImageIsSeenWhosePixelsMakeItSquare() {
    DisplayImage image =
        DisplayPipeline.display(DicomFiles.read("display/non_square_aspect_2_1.dcm"), 1);
    Preprocessor clip =
        new Preprocessor(
            false,
            new Preprocessor.Size(224, 0),
            Resampling.BICUBIC,
            new int[] {224, 224},
            Preprocessor.OddMargin.DOWN,
            1,
            new double[3],
            new double[] {1, 1, 1});
    Geometry g = clip.apply(image).geometry();
    assertThat(g.sourceX(0)).isZero();
    assertThat(g.sourceX(224)).isEqualTo(256);
    assertThat(g.sourceY(0)).isZero();
    assertThat(g.sourceY(224)).isEqualTo(128);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }

  private static double aspect(DicomObject object, int tag, String... values) {
    return PixelShape.aspect(object.set(tag, values), 1);
  }

  private static void measures(DicomObject group, String... spacing) {
    group.addItem(Tags.PixelMeasuresSequence).set(Tags.PixelSpacing, spacing);
  }
}
