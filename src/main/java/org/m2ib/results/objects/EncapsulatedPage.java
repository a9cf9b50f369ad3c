package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.util.Arrays;
import java.util.List;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;

/** Builds the Encapsulated PDF of a case (PS3.3 A.45.1). */
public final class EncapsulatedPage {
  private static final String TITLE = "Attribution maps of a model. " + Notice.LABEL;

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the pages follows it
   * @param softwareVersion of this service
   */
  public EncapsulatedPage(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * @param group of the results
   * @param results at least one
   * @param source an image of the study
   * @param pdf made by {@link org.m2ib.results.capture.CasePage}
   */
  public DicomObject of(
      String group, List<SentenceResult> results, DicomObject source, byte[] pdf) {
    DicomObject page = CaseObject.PAGE.begin(header, seriesNumber, group, results, source);
    page.set(ConversionType, "WSD")
        .set(AcquisitionDateTime, "")
        .set(BurnedInAnnotation, "YES")
        .set(RecognizableVisualFeatures, "NO")
        .set(DocumentTitle, TITLE)
        .set(ConceptNameCodeSequence, "")
        .set(MIMETypeOfEncapsulatedDocument, "application/pdf")
        .set(EncapsulatedDocumentLength, pdf.length)
        .set(EncapsulatedDocument, Arrays.copyOf(pdf, pdf.length + (pdf.length & 1)));
    results.stream()
        .map(result -> new SourceFrame(source, result.image()).reference())
        .distinct()
        .forEach(reference -> reference.writeTo(page.addItem(SourceInstanceSequence)));
    page.sequence(SourceInstanceSequence).forEach(item -> item.remove(ReferencedFrameNumber));
    return page;
  }
}
