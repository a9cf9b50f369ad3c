package org.m2ib.intake.dicom;

import java.util.List;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.UnacceptableReportException;

/** Reads the identifiers of an object; a refusal names the element. */
public final class DicomKeys {
  private DicomKeys() {}

  /**
   * @throws IllegalArgumentException if an identifier is malformed, or the study UID is missing
   */
  public static StudyKey study(DicomObject header) {
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
  static String check(String field, String value) {
    int longest = field.contains("Issuer") ? Identifiers.NAME : Identifiers.NUMBER;
    return Identifiers.check(field, value == null ? null : value.replaceFirst("\0+$", ""), longest);
  }

  static String uid(DicomObject header, int tag, String field) {
    String value = header.string(tag, "").replaceFirst("\0+$", "");
    String uid = Identifiers.checkUid(field, value);
    if (uid == null) {
      throw new UnacceptableReportException(field, "missing");
    }
    return uid;
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
}
