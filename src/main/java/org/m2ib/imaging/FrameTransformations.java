package org.m2ib.imaging;

import java.util.List;
import java.util.function.Predicate;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;

/** Where an object states the grey scale transformations of one of its frames. */
public final class FrameTransformations {
  private FrameTransformations() {}

  /**
   * The item or data set with the modality transformation (PS3.3 C.11.1); an empty one for X-ray
   * angiography and fluoroscopy, where it leads back to X-ray intensity and is not for display
   * (PS3.3 C.8.7.1.1.2).
   *
   * @param frame counted from 1; its Pixel Value Transformation (PS3.3 C.7.6.16.2.9) takes
   *     precedence
   * @throws DicomException if other frames have one, and this has no functional groups
   */
  public static DicomObject modality(DicomObject object, int frame) {
    if (Uids.X_RAY_SEQUENCES.contains(object.string(Tags.SOPClassUID, ""))) {
      return DicomObject.create();
    }
    return holder(
        object,
        frame,
        Tags.PixelValueTransformationSequence,
        item -> item.has(Tags.RescaleSlope) || item.has(Tags.RescaleIntercept));
  }

  /**
   * The item or data set with the VOI transformation (PS3.3 C.11.2).
   *
   * @param frame counted from 1; its Frame VOI LUT (PS3.3 C.7.6.16.2.10) takes precedence
   * @throws DicomException if other frames have one, and this has no functional groups
   */
  public static DicomObject voi(DicomObject object, int frame) {
    return holder(
        object,
        frame,
        Tags.FrameVOILUTSequence,
        item -> item.has(Tags.VOILUTSequence) || hasWindow(item));
  }

  private static DicomObject holder(
      DicomObject object, int frame, int macro, Predicate<DicomObject> complete) {
    List<DicomObject> own = object.sequence(Tags.PerFrameFunctionalGroupsSequence);
    DicomObject found = FunctionalGroups.holder(object, frame, macro, complete);
    // each frame has its own item (PS3.3 C.7.6.16): another's values would look right and be wrong
    if (found == object
        && own.size() < frame
        && own.stream().flatMap(group -> group.sequence(macro).stream()).anyMatch(complete)) {
      throw new DicomException(
          "frame %d has no functional groups, there are those of %d,".formatted(frame, own.size()),
          Tags.PerFrameFunctionalGroupsSequence,
          null);
    }
    return found;
  }

  /** Whether an item or data set has a window. */
  public static boolean hasWindow(DicomObject holder) {
    return holder.doubles(Tags.WindowCenter).length > 0
        && holder.doubles(Tags.WindowWidth).length > 0;
  }
}
