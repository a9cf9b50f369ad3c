package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.util.UUID;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.ResultKey;

/** Dimensions of a multi-frame object with one frame (PS3.3 C.7.6.17). */
final class Dimensions {
  private Dimensions() {}

  /** The frame is the first of the only stack. */
  static void one(DicomObject object, UUID id) {
    String uid = Uids.of(ResultKey.derive("dimensions", id.toString()));
    object.addItem(DimensionOrganizationSequence).set(DimensionOrganizationUID, uid);
    object
        .addItem(DimensionIndexSequence)
        .set(DimensionOrganizationUID, uid)
        .set(DimensionIndexPointer, InStackPositionNumber)
        .set(FunctionalGroupPointer, FrameContentSequence);
    object
        .addItem(PerFrameFunctionalGroupsSequence)
        .addItem(FrameContentSequence)
        .set(StackID, "1")
        .set(InStackPositionNumber, 1)
        .set(DimensionIndexValues, 1);
  }
}
