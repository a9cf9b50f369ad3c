package org.m2ib.imaging;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;

/** Which images of the CT, MR and PET series of a study are left out. */
public final class StudySlices {
  private final SliceChoice choice;
  private final ImageSelection selection;
  private final Map<String, List<DicomObject>> series = new LinkedHashMap<>();
  private final KeyImages keys = new KeyImages();
  private final Set<String> leftOut = new HashSet<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param selection which images are attributed at all
   */
  public StudySlices(SliceChoice choice, ImageSelection selection) {
    this.choice = choice;
    this.selection = selection;
  }

  /** Whether {@link #add} needs the objects of a SOP class. */
  public boolean needs(String sopClassUid) {
    return choice.kind() != SliceChoice.Kind.ALL
        && (isDocument(sopClassUid) || Uids.SLICES.contains(sopClassUid));
  }

  private static boolean isDocument(String sopClassUid) {
    return Uids.KEY_OBJECT_SELECTION_DOCUMENT.equals(sopClassUid);
  }

  /** Adds an object that is needed, without its pixels. */
  public void add(DicomObject header) {
    if (isDocument(header.string(Tags.SOPClassUID))) {
      if (choice.kind() == SliceChoice.Kind.KEY && !selection.own().test(header)) {
        keys.add(header);
      }
    } else if (selection.choose(header).chosen()) {
      series
          .computeIfAbsent(header.string(Tags.SeriesInstanceUID, ""), uid -> new ArrayList<>())
          .add(header);
    }
  }

  /** Chooses, once all are added. */
  public StudySlices choose() {
    series.values().forEach(this::choose);
    return this;
  }

  private void choose(List<DicomObject> slices) {
    Set<String> kept = new HashSet<>();
    slices.stream().map(StudySlices::uid).filter(keys::has).forEach(kept::add);
    if (kept.isEmpty()) {
      choice.of(slices).forEach(i -> kept.add(uid(slices.get(i))));
    }
    List<String> others =
        slices.stream().map(StudySlices::uid).filter(uid -> !kept.contains(uid)).toList();
    leftOut.addAll(others);
    if (!others.isEmpty()) {
      notes.add(
          "%d of %d images of a series were not selected (m2ib.images.slices)"
              .formatted(others.size(), slices.size()));
    }
  }

  private static String uid(DicomObject slice) {
    return slice.string(Tags.SOPInstanceUID, "");
  }

  public boolean leavesOut(String sopInstanceUid) {
    return leftOut.contains(sopInstanceUid);
  }

  /** The frame that a key object names of an image, counted from 1; 0 if none does. */
  public int frame(String sopInstanceUid) {
    return keys.frame(sopInstanceUid);
  }

  /** What was left out, a note for each series; no patient data. */
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
