package org.m2ib.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.KeyImages;
import org.m2ib.imaging.SliceChoice;

/** Which images of the CT, MR and PET series of a study are left out. */
final class StudySlices {
  private final Set<String> leftOut = new HashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final KeyImages keys = new KeyImages();

  private StudySlices() {}

  /**
   * @param received instances of one study
   * @param selection which images are attributed at all
   * @throws IOException if a stored file cannot be read
   */
  static StudySlices of(
      List<Arrival> received, SliceChoice choice, ImageSelection selection, Blobs blobs)
      throws IOException {
    StudySlices slices = new StudySlices();
    if (choice.kind() == SliceChoice.Kind.ALL) {
      return slices;
    }
    Map<String, List<Slice>> series = new LinkedHashMap<>();
    for (Arrival arrival : received) {
      ReceivedInstance instance = arrival.instance();
      boolean document = instance.sopClassUid().equals(Uids.KEY_OBJECT_SELECTION_DOCUMENT);
      if (!document && !Uids.SLICES.contains(instance.sopClassUid())) {
        continue;
      }
      try {
        DicomObject header = DicomObject.read(blobs.path(instance.blob()), before -> false);
        if (document && choice.kind() == SliceChoice.Kind.KEY && !selection.own().test(header)) {
          slices.keys.add(header);
        } else if (!document && selection.choose(header).chosen()) {
          series
              .computeIfAbsent(instance.seriesInstanceUid(), uid -> new ArrayList<>())
              .add(new Slice(instance.sopInstanceUid(), header));
        }
      } catch (DicomException e) {
        // its turn comes, and says so
      }
    }
    series.values().forEach(of -> slices.choose(of, choice));
    return slices;
  }

  private record Slice(String sopInstanceUid, DicomObject header) {}

  private void choose(List<Slice> series, SliceChoice choice) {
    Set<String> kept = new HashSet<>();
    series.stream().map(Slice::sopInstanceUid).filter(keys::has).forEach(kept::add);
    if (kept.isEmpty()) {
      for (int i : choice.of(series.stream().map(Slice::header).toList())) {
        kept.add(series.get(i).sopInstanceUid());
      }
    }
    List<String> others =
        series.stream().map(Slice::sopInstanceUid).filter(uid -> !kept.contains(uid)).toList();
    leftOut.addAll(others);
    if (!others.isEmpty()) {
      notes.add(
          "%d of %d images of a series were not selected (m2ib.images.slices)"
              .formatted(others.size(), series.size()));
    }
  }

  boolean leavesOut(ReceivedInstance instance) {
    return leftOut.contains(instance.sopInstanceUid());
  }

  /** The frame that a key object names of an image, counted from 1; 0 if none does. */
  int frame(ReceivedInstance instance) {
    return keys.frame(instance.sopInstanceUid());
  }

  /** What was left out, a note for each series; no patient data. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}
