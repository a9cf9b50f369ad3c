package org.m2ib.results.objects;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;

/** The kinds of documents that are made of all results of a case. Each has its own series. */
public enum CaseObject {
  /** Names all other objects of the case. */
  ROOT_REPORT(Uids.COMPREHENSIVE_3D_SR, "SR", 5, "Results"),
  /** Only for results with alarms. */
  FLAGGED_IMAGES(Uids.KEY_OBJECT_SELECTION_DOCUMENT, "KO", 6, "Flagged images"),
  /** A page for people. */
  PAGE(Uids.ENCAPSULATED_PDF, "DOC", 7, "Page");

  private final String sopClassUid;
  private final String modality;
  private final int seriesOffset;
  private final String title;

  CaseObject(String sopClassUid, String modality, int seriesOffset, String title) {
    this.sopClassUid = sopClassUid;
    this.modality = modality;
    this.seriesOffset = seriesOffset;
    this.title = title;
  }

  /**
   * The document of a group of results.
   *
   * @param group see {@link org.m2ib.results.ResultGroup}
   * @param any result of the case
   */
  public ObjectReference of(String group, SentenceResult any) {
    String study = any.study().studyInstanceUid();
    return new ObjectReference(
        Uids.of(ResultKey.derive(name(), "series", study, any.report().id())),
        sopClassUid,
        Uids.of(ResultKey.derive(name(), group)));
  }

  /** Whether results have it. */
  public boolean isOf(List<SentenceResult> results) {
    return this != FLAGGED_IMAGES || results.stream().anyMatch(SentenceResult::alarm);
  }

  /**
   * Begins the document: patient, study, series, equipment and identity.
   *
   * @param seriesNumber of the captures
   * @param results of the group
   * @param source an image of the study
   */
  DicomObject begin(
      ObjectHeader header,
      int seriesNumber,
      String group,
      List<SentenceResult> results,
      DicomObject source) {
    SentenceResult first = results.get(0);
    Instant last =
        results.stream().map(SentenceResult::computed).max(Comparator.naturalOrder()).orElseThrow();
    return new ObjectSeries(modality, seriesNumber + seriesOffset, title)
        .begin(
            of(group, first),
            header,
            source,
            last,
            Methods.card(first.attribution().method()).attribution(),
            1);
  }
}
