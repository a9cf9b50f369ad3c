package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.time.Instant;
import org.m2ib.dicom.DicomObject;
import org.m2ib.results.capture.ObjectHeader;
import org.m2ib.results.capture.ObjectTime;

/**
 * The series of one kind of objects.
 *
 * @param modality (0008,0060)
 * @param number (0020,0011)
 * @param kind of its objects, as SeriesDescription begins
 */
record ObjectSeries(String modality, int number, String kind) {

  /**
   * Begins an object: patient, study, series, equipment and identity.
   *
   * @param source an image of the study
   * @param made when the results were computed
   * @param attribution what the method's results are called
   * @param instanceNumber (0020,0013), from 1
   */
  DicomObject begin(
      ObjectReference self,
      ObjectHeader header,
      DicomObject source,
      Instant made,
      String attribution,
      int instanceNumber) {
    ObjectTime when = ObjectTime.of(made, source);
    DicomObject object =
        DicomObject.create()
            .set(SOPClassUID, self.sopClassUid())
            .set(SOPInstanceUID, self.sopInstanceUid())
            .set(Modality, modality)
            .set(SeriesInstanceUID, self.seriesInstanceUid())
            .set(SeriesNumber, String.valueOf(number))
            .set(SeriesDate, when.date())
            .set(SeriesTime, when.time())
            .set(SeriesDescription, kind + ": " + attribution)
            .set(InstanceNumber, String.valueOf(instanceNumber))
            // Enhanced General Equipment (PS3.3 C.7.5.2); a program has no other serial number
            .set(DeviceSerialNumber, header.softwareVersion());
    header.write(object, source, when, attribution + " of a model.");
    return object;
  }
}
