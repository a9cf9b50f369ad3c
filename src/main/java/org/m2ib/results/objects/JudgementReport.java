package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;
import static org.m2ib.results.objects.Content.*;

import java.util.List;
import java.util.Map;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Region;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.ObjectHeader;

/**
 * Builds the Comprehensive 3D SR of a judgement as a Measurement Report (PS3.16 TID 1500) by a
 * person (TID 1003): the sentence, the answers, the note and the region that they drew on the image
 * (TID 1410).
 */
public final class JudgementReport {
  private static final Code TITLE = Code.dcm("126000", "Imaging Measurement Report");

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the judgements follows it
   * @param softwareVersion of this service
   */
  public JudgementReport(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * @param answers questions and choices in words
   * @param source the object that contains the image; its pixels are not used
   */
  public DicomObject of(
      Judgement judgement, Map<String, String> answers, SentenceResult result, DicomObject source) {
    SourceFrame frame = new SourceFrame(source, result.image());
    ObjectReference self =
        new ObjectReference(
            Uids.of(
                ResultKey.derive("judgements", "series", result.key().captureSeriesInstanceUid())),
            Uids.COMPREHENSIVE_3D_SR,
            Uids.of(ResultKey.derive("judgement report", judgement.id().toString())));
    DicomObject report =
        new ObjectSeries("SR", seriesNumber + 10, "Judgements")
            .begin(
                self,
                header,
                source,
                judgement.at(),
                Methods.card(result.attribution().method()).attribution(),
                1);
    ReportDocument.general(report, List.of(frame.reference()));
    DicomObject root = Content.root(report, TITLE, "1500");
    ReportDocument.personContext(root, source, judgement.person());
    DicomObject group =
        container(
            container(root, CONTAINS, Code.dcm("126010", "Imaging Measurements")),
            CONTAINS,
            Code.dcm("125007", "Measurement Group"));
    text(
        group,
        HAS_OBS_CONTEXT,
        Code.dcm("112039", "Tracking Identifier"),
        "m2ib judgement " + judgement.id());
    uid(
        group,
        HAS_OBS_CONTEXT,
        Code.dcm("112040", "Tracking Unique Identifier"),
        Uids.of(judgement.id()));
    Region region = judgement.region();
    if (region != null) {
      region(
          group,
          CONTAINS,
          Code.dcm("111030", "Image Region"),
          frame.reference(),
          region.graphicType(),
          region.graphicData());
    }
    MeasurementReport.sentence(group, result);
    answers.forEach(
        (question, choice) ->
            text(group, CONTAINS, own("ANSWER", "Answer"), question + " " + choice));
    if (!judgement.note().isBlank()) {
      text(group, CONTAINS, own("NOTE", "Note"), judgement.note());
    }
    text(
        group,
        CONTAINS,
        Code.dcm("121106", "Comment"),
        (Notice.AUDIT + " " + result.model().warning()).strip());
    return report;
  }

  private static Code own(String value, String meaning) {
    return new Code(value, ObjectHeader.CODING_SCHEME, meaning);
  }
}
