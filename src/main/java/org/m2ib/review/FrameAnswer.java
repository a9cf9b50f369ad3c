package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.PixelShape;
import org.m2ib.imaging.ViewerFrame;

/**
 * One frame of an image in {@code /api}, see {@link ViewerFrame}. Scripts read these names, so they
 * do not change.
 *
 * @param paddingSample null if there is none
 * @param pixelSpacing [row, column] in mm; null if the image does not state it
 * @param pixelAspect height of a pixel divided by its width
 * @param patientOrientation (0020,0020), [row, column]; null if the image does not state it
 */
record FrameAnswer(
    int rows,
    int columns,
    boolean colour,
    boolean inverted,
    double windowCenter,
    double windowWidth,
    String windowFunction,
    double minimum,
    double maximum,
    List<ViewerFrame.Run> values,
    Integer paddingSample,
    int previewStep,
    double[] pixelSpacing,
    double pixelAspect,
    List<String> patientOrientation,
    List<FrameOverlay> overlays,
    FrameLinks links) {

  record FrameOverlay(String label, String description, OverlayLinks links) {}

  record OverlayLinks(String mask) {}

  /**
   * @param preview omitted for a frame that is small enough without one
   * @param greyLevels omitted for a colour frame
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FrameLinks(String self, String pixels, String preview, String greyLevels) {}

  static FrameAnswer of(
      String self, DicomObject object, int number, ViewerFrame frame, List<OverlayPlane> planes) {
    List<String> orientation = object.strings(Tags.PatientOrientation);
    List<FrameOverlay> overlays = new ArrayList<>();
    for (OverlayPlane plane : planes) {
      OverlayLinks links = new OverlayLinks(self + "/overlays/" + (overlays.size() + 1));
      overlays.add(new FrameOverlay(plane.label(), plane.description(), links));
    }
    return new FrameAnswer(
        frame.rows(),
        frame.columns(),
        frame.colour(),
        frame.inverted(),
        frame.window().center(),
        frame.window().width(),
        frame.window().function(),
        frame.minimum(),
        frame.maximum(),
        frame.values(),
        frame.padding() < 0 ? null : frame.padding(),
        frame.previewStep(),
        PixelShape.spacing(object, number),
        PixelShape.aspect(object, number),
        orientation.size() == 2 ? orientation : null,
        overlays,
        new FrameLinks(
            self,
            self + "/pixels",
            frame.previewStep() > 1 ? self + "/preview" : null,
            frame.colour() ? null : self + "/grey-levels"));
  }
}
