package org.m2ib.intake.dicom;

import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;

/** Structured reports and encapsulated documents, made for these tests, in study 1.2.3. */
public final class TestDocument {
  private TestDocument() {}

  /** A verified Basic Text SR without content, in UTF-8. */
  public static DicomObject sr(String sopInstanceUid) {
    return of(Uids.BASIC_TEXT_SR, sopInstanceUid)
        .set(Tags.Modality, "SR")
        .set(Tags.ValueType, "CONTAINER")
        .set(Tags.ContinuityOfContent, "SEPARATE")
        .set(Tags.CompletionFlag, "COMPLETE")
        .set(Tags.VerificationFlag, "VERIFIED")
        .addCode(Tags.ConceptNameCodeSequence, "18748-4", "LN", "Diagnostic imaging study");
  }

  public static DicomObject pdf(String sopInstanceUid, byte[] document) {
    return of(Uids.ENCAPSULATED_PDF, sopInstanceUid)
        .set(Tags.Modality, "DOC")
        .set(Tags.VerificationFlag, "VERIFIED")
        .set(Tags.MIMETypeOfEncapsulatedDocument, "application/pdf")
        .set(Tags.EncapsulatedDocument, document);
  }

  public static DicomObject cda(String sopInstanceUid, byte[] document) {
    return pdf(sopInstanceUid, document)
        .set(Tags.SOPClassUID, Uids.ENCAPSULATED_CDA)
        .set(Tags.MIMETypeOfEncapsulatedDocument, "text/XML");
  }

  private static DicomObject of(String sopClassUid, String sopInstanceUid) {
    return DicomObject.create()
        .set(Tags.SOPClassUID, sopClassUid)
        .set(Tags.SOPInstanceUID, sopInstanceUid)
        .set(Tags.StudyInstanceUID, "1.2.3")
        .set(Tags.SeriesInstanceUID, "1.2.3.9")
        .set(Tags.PatientID, "P1")
        .set(Tags.AccessionNumber, "A1")
        .set(Tags.ContentDate, "20260102")
        .set(Tags.ContentTime, "030405")
        .set(Tags.TimezoneOffsetFromUTC, "+0000");
  }

  public static DicomObject container(DicomObject parent, String code, String meaning) {
    return item(parent, "CONTAINS", "CONTAINER", code, meaning)
        .set(Tags.ContinuityOfContent, "SEPARATE");
  }

  public static DicomObject text(DicomObject parent, String code, String meaning, String text) {
    return item(parent, "CONTAINS", "TEXT", code, meaning).set(Tags.TextValue, text);
  }

  public static DicomObject coded(DicomObject parent, String code, String meaning, String value) {
    return item(parent, "CONTAINS", "CODE", code, meaning)
        .addCode(Tags.ConceptCodeSequence, value.replace(' ', '-'), "99TEST", value);
  }

  /** A code that modifies its parent, such as a side. */
  public static DicomObject modifier(
      DicomObject parent, String code, String meaning, String value) {
    return coded(parent, code, meaning, value).set(Tags.RelationshipType, "HAS CONCEPT MOD");
  }

  public static DicomObject number(
      DicomObject parent, String name, String value, String unit, String unitMeaning) {
    DicomObject item = item(parent, "CONTAINS", "NUM", name.replace(' ', '-'), name);
    item.addItem(Tags.MeasuredValueSequence)
        .set(Tags.NumericValue, value)
        .addCode(Tags.MeasurementUnitsCodeSequence, unit, "UCUM", unitMeaning);
    return item;
  }

  public static DicomObject item(
      DicomObject parent, String relationship, String type, String code, String meaning) {
    return parent
        .addItem(Tags.ContentSequence)
        .set(Tags.RelationshipType, relationship)
        .set(Tags.ValueType, type)
        .addCode(Tags.ConceptNameCodeSequence, code, "DCM", meaning);
  }

  /** Names a document that this one replaces. */
  public static DicomObject replacing(DicomObject document, String sopInstanceUid) {
    DicomObject study = document.addItem(Tags.PredecessorDocumentsSequence);
    study.set(Tags.StudyInstanceUID, "1.2.3");
    study
        .addItem(Tags.ReferencedSeriesSequence)
        .set(Tags.SeriesInstanceUID, "1.2.3.9")
        .addItem(Tags.ReferencedSOPSequence)
        .set(Tags.ReferencedSOPClassUID, Uids.BASIC_TEXT_SR)
        .set(Tags.ReferencedSOPInstanceUID, sopInstanceUid);
    return document;
  }
}
