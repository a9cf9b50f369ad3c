package org.m2ib.imaging;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** The images that Key Object Selection documents name (PS3.3 A.35.4, PS3.16 TID 2010). */
public final class KeyImages {
  /** PS3.16 CID 7011: these documents take images out instead (IHE IOCM). */
  private static final Set<String> REJECTIONS = Set.of("113001", "113037", "113038", "113039");

  private final Map<String, Integer> frames = new HashMap<>();

  /** Adds the images of a document, unless it rejects them. */
  public void add(DicomObject document) {
    List<DicomObject> title = document.sequence(Tags.ConceptNameCodeSequence);
    if (!title.isEmpty() && REJECTIONS.contains(title.get(0).string(Tags.CodeValue, ""))) {
      return;
    }
    for (DicomObject item : document.sequence(Tags.ContentSequence)) {
      for (DicomObject reference : item.sequence(Tags.ReferencedSOPSequence)) {
        int[] named = reference.integers(Tags.ReferencedFrameNumber);
        frames.putIfAbsent(
            reference.string(Tags.ReferencedSOPInstanceUID, ""), named.length == 0 ? 0 : named[0]);
      }
    }
  }

  public boolean has(String sopInstanceUid) {
    return frames.containsKey(sopInstanceUid);
  }

  /** The frame that is named of an image, counted from 1; 0 if none is. */
  public int frame(String sopInstanceUid) {
    return frames.getOrDefault(sopInstanceUid, 0);
  }
}
