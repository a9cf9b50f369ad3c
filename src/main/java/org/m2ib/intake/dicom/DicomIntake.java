package org.m2ib.intake.dicom;

import java.io.IOException;
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
 * examined: an object with a readable header is stored. A document that is a report becomes the row
 * of a report, any other object that of an instance.
 */
public final class DicomIntake implements StoreScp.Handler {
  private static final Logger LOG = Logger.getLogger(DicomIntake.class);

  private final Blobs blobs;
  private final Inbox inbox;
  private final ReportObjects reports;

  /**
   * @param reports reads those objects that are reports
   */
  public DicomIntake(Blobs blobs, Inbox inbox, ReportObjects reports) {
    this.blobs = blobs;
    this.inbox = inbox;
    this.reports = reports;
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
    store(object, null);
  }

  /**
   * As {@link #store(IncomingObject)}, but of one study.
   *
   * @param studyInstanceUid an object of another one is refused with A900; null for any
   */
  public void store(IncomingObject object, String studyInstanceUid) throws IOException {
    try {
      String blob = blobs.put(object::writeTo);
      receive(object, studyInstanceUid, blob);
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

  private void receive(IncomingObject object, String studyInstanceUid, String blob) {
    StudyKey study = DicomKeys.study(object.header());
    if (studyInstanceUid != null && !studyInstanceUid.equals(study.studyInstanceUid())) {
      throw new RefusedException(
          RefusedException.DATA_SET_DOES_NOT_MATCH,
          "(0020,000D) StudyInstanceUID differs from that of the request");
    }
    ReportObjects.Found found = reports.read(object.header(), study);
    ReceivedInstance instance = instance(object, study, blob, found.whyNot());
    if (found.draft() == null) {
      inbox.receive(instance);
      LOG.infof("object received, blob %s", blob);
    } else {
      inbox.receiveDocument(found.draft().received("dicom", blob, found.document()));
      LOG.infof("object received as a report, blob %s", blob);
      found.draft().notes().forEach(note -> LOG.infof("report, blob %s: %s", blob, note));
    }
  }

  private static ReceivedInstance instance(
      IncomingObject object, StudyKey study, String blob, String notes) {
    DicomObject header = object.header();
    return new ReceivedInstance(
        study,
        DicomKeys.uid(header, Tags.SeriesInstanceUID, "(0020,000E) SeriesInstanceUID"),
        Identifiers.checkUid("(0008,0018) SOPInstanceUID", object.sopInstanceUid()),
        Identifiers.checkUid("(0008,0016) SOPClassUID", object.sopClassUid()),
        code(header, Tags.Modality),
        code(header, Tags.ViewPosition),
        expectedInstances(header),
        object.callingAeTitle(),
        object.calledAeTitle(),
        blob,
        notes);
  }

  /** Returns a value of VR CS used to select images, or null if it is malformed. */
  private static String code(DicomObject header, int tag) {
    try {
      return Identifiers.check("", header.string(tag), 16);
    } catch (UnacceptableReportException e) {
      return null;
    }
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
