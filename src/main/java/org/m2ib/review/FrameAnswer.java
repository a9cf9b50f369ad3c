package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.NamedWindow;
import org.m2ib.imaging.PixelShape;
import org.m2ib.imaging.PlaneGeometry;
import org.m2ib.imaging.ViewerFrame;

/**
 * One frame of an image in {@code /api}, see {@link ViewerFrame}. Scripts read these names, so they
 * do not change.
 *
 * @param paddingSample null if there is none
 * @param windows those that the image offers
 * @param pixelSpacing [row, column] in mm; null if the image does not state it
 * @param pixelSpacingAt {@code patient}, {@code detector}, {@code film} or {@code unstated}, see
 *     {@link PixelShape.Place}; null without spacing
 * @param pixelAspect height of a pixel divided by its width
 * @param patientOrientation (0020,0020), [row, column], of a slice from its plane; null if the
 *     image states neither
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
    List<NamedWindow> windows,
    double[] pixelSpacing,
    String pixelSpacingAt,
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
    PixelShape.Place place = PixelShape.place(object, number);
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
        NamedWindow.of(object, number),
        PixelShape.spacing(object, number),
        place == null ? null : place.name().toLowerCase(Locale.ROOT),
        PixelShape.aspect(object, number),
        orientation(object, number),
        overlays,
        new FrameLinks(
            self,
            self + "/pixels",
            frame.previewStep() > 1 ? self + "/preview" : null,
            frame.colour() ? null : self + "/grey-levels"));
  }

  private static List<String> orientation(DicomObject object, int number) {
    List<String> stated = object.strings(Tags.PatientOrientation);
    if (stated.size() == 2) {
      return stated;
    }
    PlaneGeometry plane = PlaneGeometry.of(object, number);
    return plane == null ? null : plane.directions();
  }
}
