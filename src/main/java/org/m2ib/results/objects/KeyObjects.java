package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;
import org.m2ib.results.capture.ObjectTime;

/** Builds Key Object Selection documents (PS3.3 A.35.4, PS3.16 TID 2010). */
public final class KeyObjects {
  /** Added to the captures' series number. */
  private static final int REJECTIONS = 9;

  private static final Code DESCRIPTION = Code.dcm("113012", "Key Object Description");
  private static final Code OF_INTEREST = Code.dcm("113000", "Of Interest");
  private static final Code REJECTED = Code.dcm("113001", "Rejected for Quality Reasons");

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; those of documents follow it
   * @param softwareVersion of this service
   */
  public KeyObjects(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * The rejection note (IHE RAD TF-2 4.66, Imaging Object Change Management) that takes objects out
   * of an archive. The same objects always give the same SOP Instance UID.
   *
   * @param rejected objects of this service in the source's study, at least one
   * @param source an image of the study
   * @param at when they became invalid
   */
  public DicomObject rejection(List<ObjectReference> rejected, DicomObject source, Instant at) {
    List<ObjectReference> sorted =
        rejected.stream()
            .distinct()
            .sorted(Comparator.comparing(ObjectReference::sopInstanceUid))
            .toList();
    String[] uids = sorted.stream().map(ObjectReference::sopInstanceUid).toArray(String[]::new);
    String series = Uids.of(ResultKey.derive("rejections", source.string(StudyInstanceUID)));
    return of(
            REJECTED,
            "The results of these objects were withdrawn. " + Notice.NOT_DIAGNOSTIC,
            sorted,
            source,
            at)
        .set(SOPInstanceUID, Uids.of(ResultKey.derive("rejection", uids)))
        .set(SeriesInstanceUID, series)
        .set(SeriesDescription, "Rejected attributions")
        .set(SeriesNumber, String.valueOf(seriesNumber + REJECTIONS))
        .set(InstanceNumber, String.valueOf(sorted.size()));
  }

  /**
   * The images whose results have alarms.
   *
   * @param group of the results
   * @param results of which at least one has an alarm
   * @param source an image of the study
   */
  public DicomObject flagged(String group, List<SentenceResult> results, DicomObject source) {
    List<ObjectReference> images =
        results.stream()
            .filter(SentenceResult::alarm)
            .map(result -> new SourceFrame(source, result.image()).reference())
            .distinct()
            .toList();
    String alarms =
        results.stream()
            .filter(SentenceResult::alarm)
            .map(KeyObjects::alarm)
            .collect(Collectors.joining("\n"));
    DicomObject document =
        CaseObject.FLAGGED_IMAGES.begin(header, seriesNumber, group, results, source);
    content(document, OF_INTEREST, alarms + "\n" + Notice.AUDIT, images);
    return document;
  }

  private static String alarm(SentenceResult result) {
    return "Alarm (%s): %s"
        .formatted(
            result.audit().alarms().stream()
                .map(Audit.Alarm::code)
                .collect(Collectors.joining(", ")),
            result.sentence().text());
  }

  private DicomObject of(
      Code title,
      String description,
      List<ObjectReference> references,
      DicomObject source,
      Instant at) {
    DicomObject document =
        DicomObject.create().set(SOPClassUID, Uids.KEY_OBJECT_SELECTION_DOCUMENT);
    header.write(document, source, ObjectTime.of(at, source), "Selection of objects.");
    document.set(Modality, "KO");
    content(document, title, description, references);
    return document;
  }

  private static void content(
      DicomObject document, Code title, String description, List<ObjectReference> references) {
    document.set(ReferencedPerformedProcedureStepSequence, "");
    ObjectReference.list(document, CurrentRequestedProcedureEvidenceSequence, references);
    Content.root(document, title, "2010");
    Content.text(document, Content.CONTAINS, DESCRIPTION, description);
    references.forEach(reference -> Content.reference(document, Content.CONTAINS, null, reference));
  }
}
