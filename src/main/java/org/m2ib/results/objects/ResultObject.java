package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;

/**
 * The kinds of objects that are made of one result, besides its capture. Each has its own series.
 */
public enum ResultObject {
  PARAMETRIC_MAP(Uids.PARAMETRIC_MAP, "OT", 1),
  /** Only for a map with a hot region. */
  SEGMENTATION(Uids.SEGMENTATION, "SEG", 2),
  MEASUREMENT_REPORT(Uids.COMPREHENSIVE_3D_SR, "SR", 3),
  /** Only for a map with a hot region. */
  GRAYSCALE_PRESENTATION_STATE(Uids.GRAYSCALE_SOFTCOPY_PRESENTATION_STATE, "PR", 4),
  /** The same for a source in colour. */
  COLOR_PRESENTATION_STATE(Uids.COLOR_SOFTCOPY_PRESENTATION_STATE, "PR", 4);

  private final String sopClassUid;
  private final String modality;
  private final int seriesOffset;

  ResultObject(String sopClassUid, String modality, int seriesOffset) {
    this.sopClassUid = sopClassUid;
    this.modality = modality;
    this.seriesOffset = seriesOffset;
  }

  /** The object of a result. Its identifier is derived from the result, as its capture's is. */
  public ObjectReference of(SentenceResult result) {
    return of(result, result.capture().edition());
  }

  /**
   * Whether a result has it.
   *
   * @param source the object that contains the image
   */
  public boolean isOf(SentenceResult result, DicomObject source) {
    boolean colour = source.integer(SamplesPerPixel, 1) > 1 || isPalette(source);
    return switch (this) {
      case PARAMETRIC_MAP, MEASUREMENT_REPORT -> true;
      case SEGMENTATION -> !HotRegion.of(result).isEmpty();
      case GRAYSCALE_PRESENTATION_STATE -> !colour && !HotRegion.of(result).isEmpty();
      case COLOR_PRESENTATION_STATE -> colour && !HotRegion.of(result).isEmpty();
    };
  }

  private static boolean isPalette(DicomObject source) {
    return source.string(PhotometricInterpretation, "").equals("PALETTE COLOR");
  }

  /**
   * Its predecessors, which were rejected.
   *
   * @param withdrawn whether it must be rejected too
   */
  public List<ObjectReference> rejected(SentenceResult result, boolean withdrawn) {
    List<ObjectReference> rejected = new ArrayList<>();
    int end = result.capture().edition() + (withdrawn ? 1 : 0);
    for (int edition = 0; edition < end; edition++) {
      rejected.add(of(result, edition));
    }
    return rejected;
  }

  private ObjectReference of(SentenceResult result, int edition) {
    String id = result.key().id().toString();
    return new ObjectReference(
        Uids.of(ResultKey.derive(name(), "series", result.key().captureSeriesInstanceUid())),
        sopClassUid,
        Uids.of(ResultKey.derive(name(), id, String.valueOf(edition))));
  }

  /** All but the captures' own say what they are before the name by which they are known. */
  private String kind() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * Begins the object: patient, study, series, equipment and identity.
   *
   * @param seriesNumber of the captures
   * @param instanceNumber (0020,0013), from 1
   */
  DicomObject begin(
      ObjectHeader header,
      int seriesNumber,
      SentenceResult result,
      DicomObject source,
      int instanceNumber) {
    return new ObjectSeries(modality, seriesNumber + seriesOffset, kind())
        .begin(
            of(result),
            header,
            source,
            result.computed(),
            Methods.card(result.attribution().method()).attribution(),
            instanceNumber);
  }
}
