package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;
import static org.m2ib.results.objects.Content.*;

import java.util.List;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.ResultKey;
import org.m2ib.results.capture.ObjectHeader;

/** What every structured report of this service says of itself (PS3.3 C.17.2, PS3.16 TID 1500). */
final class ReportDocument {
  private static final Code IMAGING = Code.sct("363679005", "Imaging procedure");

  private ReportDocument() {}

  /**
   * SR Document General, C.17.2.
   *
   * @param evidence all objects that the document refers to
   */
  static void general(DicomObject report, List<ObjectReference> evidence) {
    report
        .set(CompletionFlag, "COMPLETE")
        .set(VerificationFlag, "UNVERIFIED")
        .set(ReferencedPerformedProcedureStepSequence, "")
        .set(PerformedProcedureCodeSequence, "");
    ObjectReference.list(report, CurrentRequestedProcedureEvidenceSequence, evidence);
  }

  /** Language, device observer (TID 1004) and procedure. */
  static void context(DicomObject root, DicomObject source, String softwareVersion) {
    language(root);
    code(root, HAS_OBS_CONTEXT, Code.dcm("121005", "Observer Type"), Code.dcm("121007", "Device"));
    uid(
        root,
        HAS_OBS_CONTEXT,
        Code.dcm("121012", "Device Observer UID"),
        Uids.of(ResultKey.derive("device", softwareVersion)));
    text(root, HAS_OBS_CONTEXT, Code.dcm("121013", "Device Observer Name"), ObjectHeader.DEVICE);
    text(
        root,
        HAS_OBS_CONTEXT,
        Code.dcm("121015", "Device Observer Model Name"),
        ObjectHeader.DEVICE + " " + softwareVersion);
    code(root, HAS_CONCEPT_MOD, Code.dcm("121058", "Procedure reported"), procedure(source));
  }

  /** Language, person observer (TID 1003) and procedure. */
  static void personContext(DicomObject root, DicomObject source, String person) {
    language(root);
    code(root, HAS_OBS_CONTEXT, Code.dcm("121005", "Observer Type"), Code.dcm("121006", "Person"));
    person(root, HAS_OBS_CONTEXT, Code.dcm("121008", "Person Observer Name"), person);
    code(root, HAS_CONCEPT_MOD, Code.dcm("121058", "Procedure reported"), procedure(source));
  }

  private static void language(DicomObject root) {
    code(
        root,
        HAS_CONCEPT_MOD,
        Code.dcm("121049", "Language of Content Item and Descendants"),
        new Code("en", "RFC5646", "English"));
  }

  private static Code procedure(DicomObject source) {
    List<DicomObject> codes =
        DicomObject.create().copy(source, ProcedureCodeSequence).sequence(ProcedureCodeSequence);
    if (codes.isEmpty() || !codes.get(0).has(CodeValue) || !codes.get(0).has(CodeMeaning)) {
      return IMAGING;
    }
    DicomObject code = codes.get(0);
    return new Code(
        code.string(CodeValue),
        code.string(CodingSchemeDesignator, "99LOCAL"),
        code.string(CodeMeaning));
  }
}
