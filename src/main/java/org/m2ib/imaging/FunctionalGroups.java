package org.m2ib.imaging;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** Finds attributes of one frame of a multi-frame object (PS3.3 C.7.6.16). */
final class FunctionalGroups {
  private FunctionalGroups() {}

  /**
   * The frame's own item of a functional group, else the shared one, else the data set itself, for
   * objects without functional groups.
   *
   * @param frame counted from 1
   * @param macro the group's sequence, such as FrameVOILUTSequence
   * @param complete whether an item has the required attributes
   */
  static DicomObject holder(
      DicomObject object, int frame, int macro, Predicate<DicomObject> complete) {
    List<DicomObject> own = object.sequence(Tags.PerFrameFunctionalGroupsSequence);
    Stream<DicomObject> groups =
        Stream.concat(
            own.stream().skip(frame - 1L).limit(1),
            object.sequence(Tags.SharedFunctionalGroupsSequence).stream().limit(1));
    return groups
        .flatMap(group -> group.sequence(macro).stream().limit(1))
        .filter(complete)
        .findFirst()
        .orElse(object);
  }
}
