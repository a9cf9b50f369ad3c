package org.m2ib.results.objects;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.m2ib.dicom.DicomObject;

/** Every kind of object that is made of results, for tests. */
final class ObjectKinds {
  private ObjectKinds() {}

  /** A kind of object, and the program of DCMTK that checks it, if there is one. */
  record Kind(
      String name, Function<DicomObject, DicomObject> builder, String iod, List<String> checker) {}

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
              List.of("dsrdump", "+U8")));

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
