package org.m2ib.routes;

import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.imaging.StudySlices;

/** Which images of one study a route takes. Each object is asked for once, in order of arrival. */
public final class StudyChoice {
  private final ImageSelection selection;
  private final StudySlices slices;
  private final Integer most;
  private int taken;

  /**
   * @param route what the route says of images
   * @param selection as configured
   * @param slices as configured
   */
  public StudyChoice(ImageChoice route, ImageSelection selection, SliceChoice slices) {
    this.selection = route.in(selection);
    this.slices = new StudySlices(route.slices(slices), this.selection);
    this.most = route.most();
  }

  /** Those of its series; they are chosen before the first {@link #of}. */
  public StudySlices slices() {
    return slices;
  }

  /**
   * Whether the next object is taken, unless {@link StudySlices#leavesOut} does leave it out.
   *
   * @param header of the object; pixels are not looked at
   */
  public ImageSelection.Choice of(String sopInstanceUid, DicomObject header) {
    ImageSelection.Choice choice = selection.choose(header).atFrame(slices.frame(sopInstanceUid));
    if (choice.chosen() && most != null && taken >= most) {
      return ImageSelection.Choice.beyond(most);
    }
    taken += choice.chosen() ? 1 : 0;
    return choice;
  }
}
