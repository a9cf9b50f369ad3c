package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.awt.color.ICC_Profile;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.FrameTransformations;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.PixelShape;
import org.m2ib.results.Audit;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.CaptureText;
import org.m2ib.results.capture.ObjectHeader;

/**
 * Builds the softcopy presentation state of a result: the source as it is displayed, with the
 * outline of the hot region and the sentence over it. It is grayscale (PS3.3 A.33.1) or, for a
 * source in colour, colour (A.33.2).
 */
public final class PresentationState {
  private static final String LAYER = "ATTRIBUTION";

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the presentation states follows it
   * @param softwareVersion of this service
   */
  public PresentationState(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * @param result with a hot region, see {@link ResultObject#isOf}
   * @param source the object that contains the image; its pixels are not used
   * @param instanceNumber (0020,0013), from 1
   */
  public DicomObject of(SentenceResult result, DicomObject source, int instanceNumber) {
    SourceFrame frame = new SourceFrame(source, result.image());
    boolean grey = ResultObject.GRAYSCALE_PRESENTATION_STATE.isOf(result, source);
    ResultObject kind =
        grey ? ResultObject.GRAYSCALE_PRESENTATION_STATE : ResultObject.COLOR_PRESENTATION_STATE;
    DicomObject state = kind.begin(header, seriesNumber, result, source, instanceNumber);
    state.remove(ContentDate).remove(ContentTime); // not of this IOD
    state
        .copy(source, Laterality)
        .set(PresentationCreationDate, state.string(InstanceCreationDate))
        .set(PresentationCreationTime, state.string(InstanceCreationTime))
        .set(ContentLabel, "M2IB_" + result.key().id().toString().substring(0, 8).toUpperCase())
        .set(ContentDescription, CaptureText.cut(result.sentence().text(), 64))
        .set(ContentCreatorName, "");
    if (!state.has(Laterality)) { // type 2C
      state.set(Laterality, "");
    }
    DicomObject series =
        state
            .addItem(ReferencedSeriesSequence)
            .set(SeriesInstanceUID, result.image().seriesInstanceUid());
    frame.reference().writeTo(series.addItem(ReferencedImageSequence));
    displayedArea(state, source, frame, result.image());
    annotation(state, frame, result);
    if (grey) {
      greyScale(state, source, frame, result.image().frame());
    } else if (source.has(ICCProfile)) {
      state.copy(source, ICCProfile);
    } else {
      state.set(ICCProfile, ICC_Profile.getInstance(java.awt.color.ColorSpace.CS_sRGB).getData());
    }
    return state;
  }

  /** C.10.4. */
  private static void displayedArea(
      DicomObject state, DicomObject source, SourceFrame frame, SentenceResult.Image image) {
    Geometry g = image.geometry();
    DicomObject area =
        state
            .addItem(DisplayedAreaSelectionSequence)
            .set(DisplayedAreaTopLeftHandCorner, 1, 1)
            .set(DisplayedAreaBottomRightHandCorner, g.sourceColumns(), g.sourceRows())
            .set(PresentationSizeMode, "SCALE TO FIT");
    double[] spacing = frame.spacing();
    if (spacing != null) {
      area.set(PresentationPixelSpacing, spacing);
    } else {
      double aspect = PixelShape.aspect(source, image.frame());
      area.set(PresentationPixelAspectRatio, (int) Math.round(1000 * aspect), 1000);
    }
  }

  /** C.10.5 and C.10.7. */
  private static void annotation(DicomObject state, SourceFrame frame, SentenceResult result) {
    DicomObject annotation = state.addItem(GraphicAnnotationSequence).set(GraphicLayer, LAYER);
    frame.reference().writeTo(annotation.addItem(ReferencedImageSequence));
    annotation
        .addItem(TextObjectSequence)
        .set(BoundingBoxAnnotationUnits, "DISPLAY")
        .set(UnformattedTextValue, text(result))
        .set(BoundingBoxTopLeftHandCorner, 0.02, 0.88)
        .set(BoundingBoxBottomRightHandCorner, 0.98, 0.98)
        .set(BoundingBoxTextHorizontalJustification, "LEFT");
    double[] outline = HotRegion.of(result).outline();
    annotation
        .addItem(GraphicObjectSequence)
        .set(GraphicAnnotationUnits, "PIXEL")
        .set(GraphicDimensions, 2)
        .set(NumberOfGraphicPoints, outline.length / 2)
        .set(GraphicData, outline)
        .set(GraphicType, "POLYLINE")
        .set(GraphicFilled, "N");
    state
        .addItem(GraphicLayerSequence)
        .set(GraphicLayer, LAYER)
        .set(GraphicLayerOrder, 1)
        .set(GraphicLayerRecommendedDisplayGrayscaleValue, 0xFFFF)
        .set(GraphicLayerRecommendedDisplayCIELabValue, Segmentation.ORANGE)
        .set(GraphicLayerDescription, "Outline of the hot region");
  }

  private static String text(SentenceResult result) {
    boolean forced = result.audit() != null && Boolean.TRUE.equals(result.audit().forced());
    return CaptureText.cut(
        "%s. %s %s %s %s"
            .formatted(
                result.model().name(),
                Notice.NOT_DIAGNOSTIC,
                result.warning(),
                forced ? Audit.FORCED : "",
                result.sentence().text()),
        1024);
  }

  /**
   * Modality, VOI and presentation transformations (C.11.1, C.11.8, C.11.6): those of the image,
   * which a presentation state replaces.
   */
  private static void greyScale(
      DicomObject state, DicomObject source, SourceFrame frame, int number) {
    DicomObject modality = FrameTransformations.modality(source, number);
    if (!modality.sequence(ModalityLUTSequence).isEmpty()) {
      state.copy(modality, ModalityLUTSequence);
    } else if (modality.doubles(RescaleSlope).length > 0) {
      double[] intercepts = modality.doubles(RescaleIntercept);
      state
          .set(RescaleIntercept, intercepts.length == 0 ? 0 : intercepts[0])
          .set(RescaleSlope, modality.doubles(RescaleSlope)[0])
          .set(RescaleType, modality.string(RescaleType, "US"));
    }
    DicomObject voi = FrameTransformations.voi(source, number);
    boolean table = !voi.sequence(VOILUTSequence).isEmpty();
    if (table || FrameTransformations.hasWindow(voi)) {
      DicomObject softcopy = state.addItem(SoftcopyVOILUTSequence);
      frame.reference().writeTo(softcopy.addItem(ReferencedImageSequence));
      if (table) {
        softcopy.copy(voi, VOILUTSequence);
      } else {
        softcopy
            .set(WindowCenter, voi.doubles(WindowCenter)[0])
            .set(WindowWidth, voi.doubles(WindowWidth)[0])
            .set(VOILUTFunction, voi.string(VOILUTFunction, "LINEAR"));
      }
    }
    boolean inverse = source.string(PhotometricInterpretation, "").equals("MONOCHROME1");
    state.set(PresentationLUTShape, inverse ? "INVERSE" : "IDENTITY");
  }
}
