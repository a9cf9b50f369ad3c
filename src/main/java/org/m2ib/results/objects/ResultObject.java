package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;
import org.m2ib.results.capture.ObjectTime;

/**
 * The kinds of objects that are made of one result, besides its capture. Each has its own series.
 */
public enum ResultObject {
  PARAMETRIC_MAP(Uids.PARAMETRIC_MAP, "OT", 1);

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

  /** Its predecessors, which were rejected. */
  public List<ObjectReference> rejected(SentenceResult result) {
    List<ObjectReference> rejected = new ArrayList<>();
    for (int edition = 0; edition < result.capture().edition(); edition++) {
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
    ObjectReference self = of(result);
    MethodCard method = Methods.card(result.attribution().method());
    ObjectTime when = ObjectTime.of(result.computed(), source);
    DicomObject object =
        DicomObject.create()
            .set(SOPClassUID, sopClassUid)
            .set(SOPInstanceUID, self.sopInstanceUid())
            .set(Modality, modality)
            .set(SeriesInstanceUID, self.seriesInstanceUid())
            .set(SeriesNumber, String.valueOf(seriesNumber + seriesOffset))
            .set(SeriesDate, when.date())
            .set(SeriesTime, when.time())
            .set(SeriesDescription, method.attribution())
            .set(InstanceNumber, String.valueOf(instanceNumber))
            // Enhanced General Equipment (PS3.3 C.7.5.2); a program has no other serial number
            .set(DeviceSerialNumber, header.softwareVersion());
    header.write(object, source, when, method.attribution() + " of a model.");
    return object;
  }
}
