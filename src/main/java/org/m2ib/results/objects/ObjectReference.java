package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;

/**
 * An object of the source's study that another one refers to.
 *
 * @param seriesInstanceUid (0020,000E)
 * @param sopClassUid (0008,0016)
 * @param sopInstanceUid (0008,0018)
 * @param frame counted from 1; null for the whole object
 */
public record ObjectReference(
    String seriesInstanceUid, String sopClassUid, String sopInstanceUid, Integer frame) {

  /** A whole object. */
  public ObjectReference(String seriesInstanceUid, String sopClassUid, String sopInstanceUid) {
    this(seriesInstanceUid, sopClassUid, sopInstanceUid, null);
  }

  /**
   * Whether it has pixels: then content refers to it as IMAGE, else as COMPOSITE (PS3.3 C.17.3).
   */
  boolean isImage() {
    return !Uids.WITHOUT_PIXELS.contains(sopClassUid);
  }

  /** Writes class and instance (PS3.3 Table 10-11), and the frame if there is one. */
  void writeTo(DicomObject item) {
    item.set(ReferencedSOPClassUID, sopClassUid).set(ReferencedSOPInstanceUID, sopInstanceUid);
    if (frame != null) {
      item.set(ReferencedFrameNumber, String.valueOf(frame));
    }
  }

  /**
   * Lists objects by study and series (PS3.3 Table C.17-3), each once.
   *
   * @param sequence CurrentRequestedProcedureEvidenceSequence, for example
   * @param references of one study
   */
  static void list(DicomObject object, int sequence, List<ObjectReference> references) {
    Map<String, Map<String, ObjectReference>> bySeries = new LinkedHashMap<>();
    for (ObjectReference reference : references) {
      bySeries
          .computeIfAbsent(reference.seriesInstanceUid(), uid -> new LinkedHashMap<>())
          .putIfAbsent(reference.sopInstanceUid(), reference);
    }
    DicomObject study =
        object.addItem(sequence).set(StudyInstanceUID, object.string(StudyInstanceUID));
    bySeries.forEach(
        (uid, instances) -> {
          DicomObject series = study.addItem(ReferencedSeriesSequence).set(SeriesInstanceUID, uid);
          for (ObjectReference instance : instances.values()) {
            series
                .addItem(ReferencedSOPSequence)
                .set(ReferencedSOPClassUID, instance.sopClassUid())
                .set(ReferencedSOPInstanceUID, instance.sopInstanceUid());
          }
        });
  }
}
