package org.m2ib.intake.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.m2ib.cases.ReceivedReport.Document;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.documents.CdaText;
import org.m2ib.intake.documents.DocumentText;
import org.m2ib.intake.hl7.Hl7Time;

/**
 * Reads structured reports (PS3.3 A.35) and encapsulated documents (A.45) as reports.
 * docs/intake.md has the mapping, and which are not read: those of this service, of devices, of
 * doses and of measurements.
 */
public final class ReportObjects {
  /** Words of titles of encapsulated reports, and of documents that are none. */
  public static final List<String> TITLES =
      List.of(
          ("report,befund,bericht,rapport,compte"
                  + " rendu,compte-rendu,informe,laudo,relatório,referto,verslag,opis"
                  + " badania,所見,レポート,报告,報告,!dose,!dosis,!consent,!measurement,!ecg")
              .split(","));

  private static final Set<String> REPORTS =
      Set.of(Uids.BASIC_TEXT_SR, Uids.ENHANCED_SR, Uids.COMPREHENSIVE_SR, Uids.COMPREHENSIVE_3D_SR);

  private static final Set<String> ENCAPSULATED =
      Set.of(Uids.ENCAPSULATED_PDF, Uids.ENCAPSULATED_CDA);

  /** SOP classes (PS3.4 B.5) of structured documents that are not made for a reader. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "1.2.840.10008.5.1.4.1.1.88.40", "a procedure log",
          "1.2.840.10008.5.1.4.1.1.88.50", "a mammography CAD result",
          "1.2.840.10008.5.1.4.1.1.88.65", "a chest CAD result",
          "1.2.840.10008.5.1.4.1.1.88.67", "a radiation dose report",
          "1.2.840.10008.5.1.4.1.1.88.68", "a radiopharmaceutical dose report",
          "1.2.840.10008.5.1.4.1.1.88.69", "a colon CAD result",
          "1.2.840.10008.5.1.4.1.1.88.73", "a patient radiation dose report",
          "1.2.840.10008.5.1.4.1.1.88.76", "a radiation dose report");

  /** The same by the title of the document, (code, DCM), whatever its SOP class. */
  private static final Map<String, String> OTHER_TITLES =
      Map.of(
          "111036", "a mammography CAD result",
          "112000", "a chest CAD result",
          "112220", "a colon CAD result",
          "113500", "a radiopharmaceutical dose report",
          "113701", "a radiation dose report",
          "121120", "a procedure log",
          "125000", "a measurement report (ultrasound)",
          "126000", "a measurement report (TID 1500)");

  /** (121005, DCM) Observer Type: (121006, DCM) Person, (121007, DCM) Device. */
  private static final String OBSERVER_TYPE = "121005";

  private static final String DEVICE = "121007";

  private static final Predicate<String> UID =
      Pattern.compile("[0-9]+(\\.[0-9]+){1,32}").asMatchPredicate().and(uid -> uid.length() <= 64);

  private final Predicate<DicomObject> own;
  private final ReportTitles titles;

  /**
   * @param own whether this service made an object: its results would be made of its results
   * @param titles words in the titles of encapsulated documents that are reports; with {@code !}
   *     before it, of those that are not; {@code *} for every document
   */
  public ReportObjects(Predicate<DicomObject> own, List<String> titles) {
    this.own = own;
    this.titles = new ReportTitles(titles);
  }

  /**
   * What an object is as a report.
   *
   * @param draft the report; null if it is none
   * @param document its identity and what it replaces; null if it is none
   * @param whyNot why a document is no report, for the reason of its case; null if it is one, and
   *     for an image
   */
  public record Found(ReportDraft draft, Document document, String whyNot) {
    private static Found not(String why) {
      return new Found(null, null, why);
    }
  }

  /**
   * @param object with the elements before the pixel data
   * @param study its identifiers
   */
  public Found read(DicomObject object, StudyKey study) {
    String sopClass = object.string(Tags.SOPClassUID, "");
    if (OTHERS.containsKey(sopClass)) {
      return Found.not(named(OTHERS.get(sopClass)));
    } else if (!REPORTS.contains(sopClass) && !ENCAPSULATED.contains(sopClass)) {
      return Found.not(null);
    } else if (own.test(object)) {
      return Found.not("it is itself an attribution");
    }
    return ENCAPSULATED.contains(sopClass)
        ? encapsulated(object, study)
        : structured(object, study);
  }

  private Found structured(DicomObject object, StudyKey study) {
    List<DicomObject> title = object.sequence(Tags.ConceptNameCodeSequence);
    String titled = title.isEmpty() ? null : OTHER_TITLES.get(StructuredReport.code(title.get(0)));
    if (titled != null) {
      return Found.not(named(titled));
    }
    boolean verified = object.string(Tags.VerificationFlag, "").equals("VERIFIED");
    if (!verified && isByDevice(object)) {
      return Found.not(named("the result of a device that nobody has verified"));
    }
    StructuredReport.Read read = StructuredReport.read(object);
    if (!read.narrative() && !read.text().isBlank()) {
      return Found.not(named("measurements and codes without a text"));
    }
    List<String> notes = new ArrayList<>(read.notes());
    if (read.text().isBlank()) {
      notes.add("the structured report has no text: no TEXT, CODE or NUM item with a value");
    }
    return new Found(
        new ReportDraft(
            key(object, study, notes),
            object.string(Tags.SOPInstanceUID),
            status(object, verified),
            read.text(),
            StructuredReport.language(object),
            new ReportTimes(issued(object), null),
            authors(object),
            notes),
        document(object),
        null);
  }

  /** Who verified or wrote it (PS3.3 C.17.2), by name and code. */
  private static List<String> authors(DicomObject object) {
    List<String> authors = new ArrayList<>();
    for (DicomObject person : object.sequence(Tags.VerifyingObserverSequence)) {
      authors.add(person.string(Tags.VerifyingObserverName));
      person
          .sequence(Tags.VerifyingObserverIdentificationCodeSequence)
          .forEach(code -> authors.add(code.string(Tags.CodeValue)));
    }
    for (DicomObject person : object.sequence(Tags.AuthorObserverSequence)) {
      authors.add(person.string(Tags.PersonName));
      person
          .sequence(Tags.PersonIdentificationCodeSequence)
          .forEach(code -> authors.add(code.string(Tags.CodeValue)));
    }
    return authors;
  }

  private Found encapsulated(DicomObject object, StudyKey study) {
    if (!titles.isReport(object)) {
      return Found.not("its title is not that of a report (m2ib.report.document-titles)");
    }
    DocumentText.Read read = content(object);
    List<String> notes = new ArrayList<>(read.notes());
    if (read.whyNot() != null) {
      notes.add("the document was not read, " + read.told());
    }
    CdaText.Header header =
        read.header() == null ? new CdaText.Header(null, null, null) : read.header();
    String issued = Hl7Time.digits(header.effectiveTime());
    boolean unverified = object.string(Tags.VerificationFlag, "").equals("UNVERIFIED");
    return new Found(
        new ReportDraft(
            key(object, study, notes),
            identifier(header.setId(), object.string(Tags.SOPInstanceUID)),
            status(object, !unverified),
            read.text(),
            header.language() == null ? null : LanguageTag.of(header.language(), ""),
            new ReportTimes(issued == null ? issued(object) : issued, null),
            notes),
        document(object),
        null);
  }

  /** The document without the byte that makes its length even. */
  private static DocumentText.Read content(DicomObject object) {
    byte[] data = object.bytes(Tags.EncapsulatedDocument);
    if (data == null) {
      return DocumentText.of(new byte[0], null, "");
    }
    int length = object.integer(Tags.EncapsulatedDocumentLength, unpadded(data));
    if (length == data.length - 1) {
      data = Arrays.copyOf(data, length);
    }
    try {
      return DocumentText.of(
          data,
          object.string(Tags.MIMETypeOfEncapsulatedDocument),
          "(0042,0011) EncapsulatedDocument");
    } catch (UnacceptableReportException e) {
      return DocumentText.Read.not("document", e.getMessage());
    }
  }

  /**
   * Older objects do not tell the length of their document: then a zero byte at its end is padding,
   * unless it is part of a character of UTF-16, which has one at every other byte.
   */
  private static int unpadded(byte[] data) {
    int end = data.length - 1;
    boolean padded = end > 1 && data[end] == 0 && data[end - 1] != 0;
    return padded && data[0] != 0 && data[1] != 0 && !isUtf16(data) ? end : data.length;
  }

  private static boolean isUtf16(byte[] data) {
    return data[0] == (byte) 0xFF && data[1] == (byte) 0xFE
        || data[0] == (byte) 0xFE && data[1] == (byte) 0xFF;
  }

  /** All versions of a CDA document have its set identifier. */
  private static String identifier(String setId, String sopInstanceUid) {
    try {
      String checked = Identifiers.check("ClinicalDocument/setId", setId, Identifiers.NAME);
      return checked == null ? sopInstanceUid : checked;
    } catch (UnacceptableReportException e) {
      return sopInstanceUid;
    }
  }

  private static String named(String what) {
    return "it is " + what + ", not a report";
  }

  /** Whether only devices have observed what the document says (TID 1002). */
  private static boolean isByDevice(DicomObject object) {
    Set<String> observers = new LinkedHashSet<>();
    for (DicomObject item : object.sequence(Tags.ContentSequence)) {
      List<DicomObject> name = item.sequence(Tags.ConceptNameCodeSequence);
      List<DicomObject> value = item.sequence(Tags.ConceptCodeSequence);
      if (!name.isEmpty()
          && !value.isEmpty()
          && StructuredReport.code(name.get(0)).equals(OBSERVER_TYPE)) {
        observers.add(StructuredReport.code(value.get(0)));
      }
    }
    return observers.equals(Set.of(DEVICE));
  }

  /** Completed from the request; the study is that of the images if the document has its own. */
  private static StudyKey key(DicomObject object, StudyKey study, List<String> notes) {
    List<DicomObject> requests = object.sequence(Tags.ReferencedRequestSequence);
    DicomObject request = requests.size() == 1 ? requests.get(0) : DicomObject.create();
    List<String> evidence =
        object.sequence(Tags.CurrentRequestedProcedureEvidenceSequence).stream()
            .map(item -> item.string(Tags.StudyInstanceUID, ""))
            .filter(UID)
            .distinct()
            .toList();
    String uid = study.studyInstanceUid();
    if (evidence.size() == 1 && !evidence.contains(uid)) {
      uid = evidence.get(0);
      notes.add("the report is in a study of its own; it was paired with that of its images");
    }
    String accession = study.accessionNumber();
    String order = study.orderNumber();
    return new StudyKey(
        uid,
        accession != null ? accession : number(request, Tags.AccessionNumber),
        study.issuerOfAccessionNumber(),
        order != null ? order : number(request, Tags.PlacerOrderNumberImagingServiceRequest),
        study.patientId(),
        study.issuerOfPatientId(),
        study.visitNumber());
  }

  /** An invalid number of a request is no reason to refuse the report. */
  private static String number(DicomObject request, int tag) {
    try {
      return Identifiers.check(Tags.text(tag), request.string(tag), Identifiers.NUMBER);
    } catch (UnacceptableReportException e) {
      return null;
    }
  }

  /** PS3.3 C.17.2: a report is final if someone has verified it or it says that it is. */
  private static ReportStatus status(DicomObject object, boolean verified) {
    String preliminary = object.string(Tags.PreliminaryFlag, "");
    boolean partial = object.string(Tags.CompletionFlag, "").equals("PARTIAL");
    if (partial || preliminary.equals("PRELIMINARY") || !verified && !preliminary.equals("FINAL")) {
      return ReportStatus.PRELIMINARY;
    }
    return object.sequence(Tags.PredecessorDocumentsSequence).isEmpty()
        ? ReportStatus.FINAL
        : ReportStatus.AMENDED;
  }

  /** When it was last verified, else when its content was made. */
  private static String issued(DicomObject object) {
    return object.sequence(Tags.VerifyingObserverSequence).stream()
        .map(observer -> digits(observer.string(Tags.VerificationDateTime, ""), object))
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElseGet(
            () ->
                digits(
                    object.string(Tags.ContentDate, "") + object.string(Tags.ContentTime, ""),
                    object));
  }

  /** DT has the form of an HL7 time, with two more digits of a fraction (PS3.5 6.2). */
  private static String digits(String time, DicomObject object) {
    String shorter = time.replaceFirst("(\\.\\d{4})\\d+", "$1");
    String offset = object.string(Tags.TimezoneOffsetFromUTC, "");
    boolean stated = shorter.matches(".*[+-]\\d{4}") || shorter.length() < 10;
    return Hl7Time.digits(stated ? shorter : shorter + offset);
  }

  private static Document document(DicomObject object) {
    List<String> predecessors =
        object.sequence(Tags.PredecessorDocumentsSequence).stream()
            .flatMap(study -> study.sequence(Tags.ReferencedSeriesSequence).stream())
            .flatMap(series -> series.sequence(Tags.ReferencedSOPSequence).stream())
            .map(reference -> reference.string(Tags.ReferencedSOPInstanceUID, ""))
            .filter(UID)
            .distinct()
            .toList();
    return new Document(object.string(Tags.SOPInstanceUID), predecessors);
  }
}
