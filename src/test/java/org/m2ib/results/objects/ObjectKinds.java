package org.m2ib.results.objects;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.m2ib.dicom.DicomObject;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Region;
import org.m2ib.judging.Stage;
import org.m2ib.results.SentenceResult;

/** Every kind of object that is made of results, for tests. */
final class ObjectKinds {
  private ObjectKinds() {}

  /** A kind of object, and the program of DCMTK that checks it, if there is one. */
  record Kind(
      String name, Function<DicomObject, DicomObject> builder, String iod, List<String> checker) {}

  private static final byte[] PDF = "%PDF-1.4 of a test".getBytes(StandardCharsets.US_ASCII);

  static final List<Kind> ALL =
      List.of(
          new Kind(
              "rejection note",
              source ->
                  new KeyObjects(9800, "1.2")
                      .rejection(captures(source), source, Instant.parse("2026-03-05T00:00:00Z")),
              "KeyObjectSelectionDocument",
              List.of("dsrdump", "+U8")),
          new Kind(
              "parametric map",
              source -> new ParametricMap(9800, "1.2").of(ObjectSources.result(source), source, 1),
              "ParametricMap",
              List.of()),
          new Kind(
              "segmentation",
              source -> new Segmentation(9800, "1.2").of(ObjectSources.result(source), source, 1),
              "Segmentation",
              List.of()),
          new Kind(
              "presentation state",
              source ->
                  new PresentationState(9800, "1.2").of(ObjectSources.result(source), source, 1),
              "SoftcopyPresentationState",
              List.of("dcmpschk")),
          new Kind(
              "measurement report",
              source ->
                  new MeasurementReport(9800, "1.2").of(ObjectSources.result(source), source, 1),
              "Comprehensive3DSR",
              List.of("dsrdump", "+U8")),
          new Kind(
              "judgement report",
              ObjectKinds::judgement,
              "Comprehensive3DSR",
              List.of("dsrdump", "+U8")),
          new Kind(
              "root report", ObjectKinds::root, "Comprehensive3DSR", List.of("dsrdump", "+U8")),
          new Kind(
              "flagged images",
              source ->
                  new KeyObjects(9800, "1.2")
                      .flagged("2.25.1", ObjectSources.results(source), source),
              "KeyObjectSelectionDocument",
              List.of("dsrdump", "+U8")),
          new Kind(
              "page",
              source ->
                  new EncapsulatedPage(9800, "1.2")
                      .of("2.25.1", ObjectSources.results(source), source, PDF),
              "EncapsulatedPDF",
              List.of()));

  /** With an ellipse that a person drew. */
  private static DicomObject judgement(DicomObject source) {
    SentenceResult result = ObjectSources.result(source);
    Region region =
        new Region(
            result.image().sopInstanceUid(),
            result.image().frame(),
            Region.Shape.ELLIPSE,
            List.of(List.of(1.0, 4.0), List.of(9.0, 4.0), List.of(5.0, 2.5), List.of(5.0, 5.5)));
    Judgement judgement =
        new Judgement(
            new UUID(1, 2),
            new UUID(1, 1),
            result.key().id(),
            "standard",
            "1",
            Map.of("finding", "yes", "region", "wrong-place"),
            Stage.WITH_MAP,
            1,
            false,
            null,
            region,
            "It is *there*.",
            "ada",
            Instant.parse("2026-03-05T00:00:00Z"),
            false);
    return new JudgementReport(9800, "1.2")
        .of(judgement, Map.of("Is the finding there?", "Yes"), result, source);
  }

  private static DicomObject root(DicomObject source) {
    Map<SentenceResult, List<ObjectReference>> objects = new LinkedHashMap<>();
    for (SentenceResult result : ObjectSources.results(source)) {
      objects.put(result, List.of(ResultObject.MEASUREMENT_REPORT.of(result)));
    }
    SentenceResult first = objects.keySet().iterator().next();
    List<ObjectReference> documents = List.of(CaseObject.PAGE.of("2.25.1", first));
    return new RootReport(9800, "1.2").of("2.25.1", objects, documents, source);
  }

  private static List<ObjectReference> captures(DicomObject source) {
    return ObjectSources.results(source).stream()
        .map(
            r ->
                new ObjectReference(
                    r.key().captureSeriesInstanceUid(),
                    r.capture().sopClassUid(),
                    r.capture().sopInstanceUid()))
        .toList();
  }
}
