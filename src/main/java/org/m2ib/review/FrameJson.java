package org.m2ib.review;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.PixelShape;
import org.m2ib.imaging.ViewerFrame;

/** What {@code /api} says of one frame of an image. Scripts read these names. */
final class FrameJson {
  private FrameJson() {}

  static Map<String, Object> of(
      String self, DicomObject object, int number, ViewerFrame frame, List<OverlayPlane> planes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", frame.rows());
    json.put("columns", frame.columns());
    json.put("colour", frame.colour());
    json.put("inverted", frame.inverted());
    json.put("windowCenter", frame.window().center());
    json.put("windowWidth", frame.window().width());
    json.put("windowFunction", frame.window().function());
    json.put("minimum", frame.minimum());
    json.put("maximum", frame.maximum());
    json.put("values", frame.values());
    json.put("paddingSample", frame.padding() < 0 ? null : frame.padding());
    json.put("previewStep", frame.previewStep());
    json.put("pixelSpacing", PixelShape.spacing(object, number));
    json.put("pixelAspect", PixelShape.aspect(object, number));
    List<String> orientation = object.strings(Tags.PatientOrientation);
    json.put("patientOrientation", orientation.size() == 2 ? orientation : null);
    List<Map<String, Object>> overlays = new ArrayList<>();
    for (OverlayPlane plane : planes) {
      overlays.add(
          Map.of(
              "label", plane.label(),
              "description", plane.description(),
              "links", Map.of("mask", self + "/overlays/" + (overlays.size() + 1))));
    }
    json.put("overlays", overlays);
    Map<String, String> links = new LinkedHashMap<>();
    links.put("self", self);
    links.put("pixels", self + "/pixels");
    if (frame.previewStep() > 1) {
      links.put("preview", self + "/preview");
    }
    if (!frame.colour()) {
      links.put("greyLevels", self + "/grey-levels");
    }
    json.put("links", links);
    return json;
  }
}
