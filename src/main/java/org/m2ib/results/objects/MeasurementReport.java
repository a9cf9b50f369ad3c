package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;
import static org.m2ib.results.objects.Content.*;

import java.util.List;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultFigure;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.CaptureText;
import org.m2ib.results.capture.ObjectHeader;

/**
 * Builds the Comprehensive 3D SR of a result (PS3.3 A.35.13) as a Measurement Report (PS3.16 TID
 * 1500): its sentence, figures and alarms, and the outline of its hot region on the source image
 * (TID 1410; for a map without one TID 1501).
 */
public final class MeasurementReport {
  private static final Code TITLE = Code.dcm("126000", "Imaging Measurement Report");
  private static final Code NO_UNITS = Code.ucum("1", "no units");
  private static final Code PERCENT = Code.ucum("%", "Percent");
  private static final Code SQUARE_MILLIMETRES = Code.ucum("mm2", "square millimeter");

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the reports follows it
   * @param softwareVersion of this service
   */
  public MeasurementReport(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /** Names the result for a reader: the same in all its objects. */
  static String trackingIdentifier(SentenceResult result) {
    return "m2ib " + result.key().id();
  }

  static String trackingUid(SentenceResult result) {
    return Uids.of(result.key().id());
  }

  /**
   * @param source the object that contains the image; its pixels are not used
   * @param instanceNumber (0020,0013), from 1
   */
  public DicomObject of(SentenceResult result, DicomObject source, int instanceNumber) {
    MethodCard method = Methods.card(result.attribution().method());
    SourceFrame frame = new SourceFrame(source, result.image());
    DicomObject report =
        ResultObject.MEASUREMENT_REPORT.begin(header, seriesNumber, result, source, instanceNumber);
    ReportDocument.general(report, List.of(frame.reference()));
    DicomObject root = Content.root(report, TITLE, "1500");
    ReportDocument.context(root, source, header.softwareVersion());
    DicomObject group =
        container(
            container(root, CONTAINS, Code.dcm("126010", "Imaging Measurements")),
            CONTAINS,
            Code.dcm("125007", "Measurement Group"));
    identify(group, result);
    code(group, CONTAINS, Code.dcm("121071", "Finding"), own(method));
    algorithm(group, result, method);
    double[] outline = HotRegion.of(result).outline();
    if (outline.length > 0) {
      region(group, CONTAINS, Code.dcm("111030", "Image Region"), frame.reference(), outline);
    }
    figures(group, result, frame);
    statements(group, result);
    return report;
  }

  static void identify(DicomObject group, SentenceResult result) {
    text(
        group,
        HAS_OBS_CONTEXT,
        Code.dcm("112039", "Tracking Identifier"),
        trackingIdentifier(result));
    uid(
        group,
        HAS_OBS_CONTEXT,
        Code.dcm("112040", "Tracking Unique Identifier"),
        trackingUid(result));
  }

  static void similarity(DicomObject group, SentenceResult result) {
    figure(group, ResultFigure.similarity(result));
  }

  static void sentence(DicomObject group, SentenceResult result) {
    text(group, CONTAINS, own("SENTENCE", "Sentence of the report"), result.sentence().text());
  }

  private static Code own(MethodCard method) {
    return new Code(CaptureText.code(method), ObjectHeader.CODING_SCHEME, method.attribution());
  }

  private static Code own(String value, String meaning) {
    return new Code(value, ObjectHeader.CODING_SCHEME, meaning);
  }

  /** Algorithm Identification, TID 4019. */
  private static void algorithm(DicomObject group, SentenceResult result, MethodCard method) {
    String version = result.model().name() + " " + result.model().version();
    text(group, HAS_CONCEPT_MOD, Code.dcm("111001", "Algorithm Name"), method.attribution());
    text(group, HAS_CONCEPT_MOD, Code.dcm("111003", "Algorithm Version"), version.strip());
    for (String parameter :
        List.of(
            CaptureText.method(result.attribution()), "model SHA-256 " + result.model().hash())) {
      text(group, HAS_CONCEPT_MOD, Code.dcm("111002", "Algorithm Parameters"), parameter);
    }
  }

  private static void figures(DicomObject group, SentenceResult result, SourceFrame frame) {
    ResultFigure.ofMap(result).forEach(figure -> figure(group, figure));
    double[] spacing = frame.spacing();
    double area = HotRegion.of(result).area();
    if (spacing != null && area > 0) {
      number(
          group,
          CONTAINS,
          Code.sct("42798000", "Area"),
          area * spacing[0] * spacing[1],
          SQUARE_MILLIMETRES);
    }
    ResultFigure.ofAudit(result).forEach(figure -> figure(group, figure));
  }

  private static void figure(DicomObject group, ResultFigure figure) {
    Code name = new Code(figure.code(), figure.scheme(), figure.meaning());
    Code unit = figure.unit().equals(ResultFigure.PERCENT) ? PERCENT : NO_UNITS;
    number(group, CONTAINS, name, figure.value(), unit);
  }

  /** What is said: the sentence, where the map lies, alarms, and that it is no diagnosis. */
  private static void statements(DicomObject group, SentenceResult result) {
    sentence(group, result);
    text(
        group,
        CONTAINS,
        own("PLACE", "Side and zone of the hot region"),
        result.place().inPatient());
    if (result.audit() != null) {
      for (Audit.Alarm alarm : result.audit().alarms()) {
        text(group, CONTAINS, own("ALARM", "Alarm of the audit"), alarm.code());
      }
      if (Boolean.TRUE.equals(result.audit().forced())) {
        text(group, CONTAINS, own("FORCED", "Forced map"), Audit.FORCED);
      }
    }
    text(
        group,
        CONTAINS,
        Code.dcm("121106", "Comment"),
        (Notice.AUDIT + " " + result.warning()).strip());
  }
}
