package org.m2ib.intake.dicom;

import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Inbox;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Handles C-STORE: stores the bytes on disk, then the row, then reports success. Pixels are not
 * examined: an object with a readable header is stored.
 */
public final class DicomIntake implements StoreScp.Handler {
  private static final Logger LOG = Logger.getLogger(DicomIntake.class);

  private final Blobs blobs;
  private final Inbox inbox;

  public DicomIntake(Blobs blobs, Inbox inbox) {
    this.blobs = blobs;
    this.inbox = inbox;
  }

  /**
   * Stores one object.
   *
   * @throws RefusedException with A700 if disk or database cannot store it now, with C000 if its
   *     header cannot be read or names no study; the comment names the tag
   * @throws IOException if the sender drops the connection
   */
  @Override
  public void store(IncomingObject object) throws IOException {
    try {
      String blob = blobs.put(object::writeTo);
      inbox.receive(instance(object, blob));
      LOG.infof("object received, blob %s", blob);
    } catch (StorageUnavailableException e) {
      LOG.errorf("object refused (A700), the sender will retry: %s", e.getMessage());
      throw new RefusedException(
          RefusedException.OUT_OF_RESOURCES, "storage is not available, send again");
    } catch (UnacceptableReportException e) {
      LOG.warnf("object refused (C000): %s: %s", e.place(), e.getMessage());
      throw new RefusedException(
          RefusedException.CANNOT_UNDERSTAND, e.place() + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      LOG.warnf("object refused (C000): %s", e.getMessage());
      throw new RefusedException(RefusedException.CANNOT_UNDERSTAND, e.getMessage());
    }
  }

  private static ReceivedInstance instance(IncomingObject object, String blob) {
    DicomObject header = object.header();
    return new ReceivedInstance(
        study(header),
        uid(header, Tags.SeriesInstanceUID, "(0020,000E) SeriesInstanceUID"),
        Identifiers.checkUid("(0008,0018) SOPInstanceUID", object.sopInstanceUid()),
        Identifiers.checkUid("(0008,0016) SOPClassUID", object.sopClassUid()),
        code(header, Tags.Modality),
        code(header, Tags.ViewPosition),
        expectedInstances(header),
        object.callingAeTitle(),
        blob);
  }

  private static StudyKey study(DicomObject header) {
    return new StudyKey(
        uid(header, Tags.StudyInstanceUID, "(0020,000D) StudyInstanceUID"),
        check("(0008,0050) AccessionNumber", header.string(Tags.AccessionNumber)),
        check(
            "(0008,0051) IssuerOfAccessionNumberSequence",
            issuer(header.sequence(Tags.IssuerOfAccessionNumberSequence))),
        check(
            "(0040,2016) PlacerOrderNumber",
            header.string(Tags.PlacerOrderNumberImagingServiceRequest)),
        check("(0010,0020) PatientID", header.string(Tags.PatientID)),
        check("(0010,0021) IssuerOfPatientID", header.string(Tags.IssuerOfPatientID)),
        check("(0038,0010) AdmissionID", header.string(Tags.AdmissionID)));
  }

  /** Checks a value without the NULs that some senders pad with. An issuer may be a URI. */
  private static String check(String field, String value) {
    int longest = field.contains("Issuer") ? Identifiers.NAME : Identifiers.NUMBER;
    return Identifiers.check(field, value == null ? null : value.replaceFirst("\0+$", ""), longest);
  }

  private static String uid(DicomObject header, int tag, String field) {
    String value = header.string(tag, "").replaceFirst("\0+$", "");
    String uid = Identifiers.checkUid(field, value);
    if (uid == null) {
      throw new UnacceptableReportException(field, "missing");
    }
    return uid;
  }

  /** Returns a value of VR CS used to select images, or null if it is malformed. */
  private static String code(DicomObject header, int tag) {
    try {
      return Identifiers.check("", header.string(tag), 16);
    } catch (UnacceptableReportException e) {
      return null;
    }
  }

  /**
   * Returns the local namespace or, if absent, the universal one (PS3.3 10.14 HL7v2 Hierarchic
   * Designator).
   */
  private static String issuer(List<DicomObject> items) {
    return items.isEmpty()
        ? null
        : items
            .get(0)
            .string(Tags.LocalNamespaceEntityID, items.get(0).string(Tags.UniversalEntityID));
  }

  /** Returns null for an implausible count; the quiet period works without it. */
  private static Integer expectedInstances(DicomObject header) {
    try {
      int count = header.integer(Tags.NumberOfStudyRelatedInstances, 0);
      return count > 0 ? count : null;
    } catch (DicomException e) {
      return null;
    }
  }
}
