package org.m2ib.imaging;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * A window that the object itself offers (PS3.3 C.11.2.1.2).
 *
 * @param name Window Center &amp; Width Explanation (0028,1055); {@code ""} if not given
 * @param center Window Center (0028,1050), in values after the modality transformation
 * @param width Window Width (0028,1051), above 0
 */
public record NamedWindow(String name, double center, double width) {

  /**
   * @param frame counted from 1; its Frame VOI LUT (PS3.3 C.7.6.16.2.10) takes precedence
   * @return in the object's order; windows without a width are left out
   */
  public static List<NamedWindow> of(DicomObject object, int frame) {
    DicomObject holder = FrameTransformations.voi(object, frame);
    double[] centers = holder.doubles(Tags.WindowCenter);
    double[] widths = holder.doubles(Tags.WindowWidth);
    List<String> names = holder.strings(Tags.WindowCenterWidthExplanation);
    List<NamedWindow> windows = new ArrayList<>();
    for (int i = 0; i < Math.min(centers.length, widths.length); i++) {
      if (Double.isFinite(centers[i]) && Double.isFinite(widths[i]) && widths[i] > 0) {
        windows.add(
            new NamedWindow(i < names.size() ? names.get(i).strip() : "", centers[i], widths[i]));
      }
    }
    return windows;
  }
}
