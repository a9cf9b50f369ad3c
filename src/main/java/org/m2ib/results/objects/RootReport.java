package org.m2ib.results.objects;

import static org.m2ib.results.objects.Content.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;

/**
 * Builds the root of a case's results (IHE AI Results): a Comprehensive 3D SR (PS3.16 TID 1500)
 * with one group for each result, which names the objects of the result.
 */
public final class RootReport {
  private static final Code TITLE = Code.dcm("126000", "Imaging Measurement Report");
  private static final Code OBJECT =
      new Code("OBJECT", ObjectHeader.CODING_SCHEME, "Object of the result");

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the root follows it
   * @param softwareVersion of this service
   */
  public RootReport(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * @param group of the results
   * @param objects of each result, in order, at least one
   * @param documents of the case
   * @param source an image of the study
   */
  public DicomObject of(
      String group,
      Map<SentenceResult, List<ObjectReference>> objects,
      List<ObjectReference> documents,
      DicomObject source) {
    List<SentenceResult> results = List.copyOf(objects.keySet());
    DicomObject report = CaseObject.ROOT_REPORT.begin(header, seriesNumber, group, results, source);
    List<ObjectReference> evidence = new ArrayList<>(documents);
    objects.forEach(
        (result, of) -> {
          evidence.add(new SourceFrame(source, result.image()).reference());
          evidence.addAll(of);
        });
    ReportDocument.general(report, evidence);
    DicomObject root = Content.root(report, TITLE, "1500");
    ReportDocument.context(root, source, header.softwareVersion());
    DicomObject measurements =
        container(root, CONTAINS, Code.dcm("126010", "Imaging Measurements"));
    objects.forEach((result, of) -> group(measurements, result, of, source));
    text(root, CONTAINS, Code.dcm("121106", "Comment"), Notice.AUDIT);
    documents.forEach(document -> reference(root, CONTAINS, OBJECT, document));
    return report;
  }

  private static void group(
      DicomObject measurements,
      SentenceResult result,
      List<ObjectReference> objects,
      DicomObject source) {
    DicomObject group = container(measurements, CONTAINS, Code.dcm("125007", "Measurement Group"));
    MeasurementReport.identify(group, result);
    reference(
        group,
        CONTAINS,
        Code.dcm("121324", "Source image"),
        new SourceFrame(source, result.image()).reference());
    objects.forEach(object -> reference(group, CONTAINS, OBJECT, object));
    MeasurementReport.similarity(group, result);
    MeasurementReport.sentence(group, result);
  }
}
