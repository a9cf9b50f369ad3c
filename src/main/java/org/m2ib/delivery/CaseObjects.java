package org.m2ib.delivery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.objects.KeyObjects;
import org.m2ib.results.objects.MeasurementReport;
import org.m2ib.results.objects.ObjectReference;
import org.m2ib.results.objects.ParametricMap;
import org.m2ib.results.objects.PresentationState;
import org.m2ib.results.objects.ResultObject;
import org.m2ib.results.objects.Segmentation;

/**
 * The DICOM files of an outbox row, built from the stored results when they are sent. The same
 * results give the same objects.
 */
public final class CaseObjects {
  private final KeyObjects keyObjects;
  private final ParametricMap maps;
  private final Segmentation segmentations;
  private final PresentationState states;
  private final MeasurementReport reports;
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final ResultStore results;
  private final Outbox outbox;
  private final Blobs blobs;

  /**
   * @param seriesNumber (0020,0011) of the captures; those of other objects follow it
   * @param softwareVersion of this service
   */
  public CaseObjects(
      int seriesNumber,
      String softwareVersion,
      ArrivalStore arrivals,
      CaseStore cases,
      ResultStore results,
      Outbox outbox,
      Blobs blobs) {
    this.keyObjects = new KeyObjects(seriesNumber, softwareVersion);
    this.maps = new ParametricMap(seriesNumber, softwareVersion);
    this.segmentations = new Segmentation(seriesNumber, softwareVersion);
    this.states = new PresentationState(seriesNumber, softwareVersion);
    this.reports = new MeasurementReport(seriesNumber, softwareVersion);
    this.arrivals = arrivals;
    this.cases = cases;
    this.results = results;
    this.outbox = outbox;
    this.blobs = blobs;
  }

  /**
   * @param row for an archive
   * @throws IOException if a source image cannot be read
   */
  List<Path> files(Delivery row) throws IOException {
    List<StoredResult> all = results.of(row.caseId());
    List<StoredResult> valid = all.stream().filter(result -> !result.withdrawn()).toList();
    List<String> files =
        switch (row.kind()) {
          case CAPTURES -> valid.stream().map(StoredResult::captureBlob).toList();
          case MAPS -> built(row.kind(), valid, maps::of);
          case SEGMENTS -> built(row.kind(), valid, segmentations::of);
          case STATES -> built(row.kind(), valid, states::of);
          case REPORTS -> built(row.kind(), valid, reports::of);
          case REJECTED -> rejection(row, all);
          case BUNDLE -> List.of();
        };
    return files.stream().distinct().map(blobs::path).toList();
  }

  private List<String> rejection(Delivery row, List<StoredResult> all) throws IOException {
    Set<Kind> sent =
        outbox.of(row.caseId()).stream()
            .filter(other -> other.destination().equals(row.destination()))
            .map(Delivery::kind)
            .collect(Collectors.toSet());
    List<ObjectReference> rejected = new ArrayList<>();
    Sources sources = new Sources();
    for (StoredResult result : all) {
      SentenceResult body = ResultJson.read(result.body());
      if (sent.contains(Kind.CAPTURES)) {
        (result.withdrawn() ? body.capture().andRejected() : body.capture().rejected())
            .forEach(capture -> rejected.add(reference(body, capture)));
      }
      DicomObject source = sources.of(result);
      for (Kind kind : sent) {
        objects(kind).stream()
            .filter(object -> object.isOf(body, source))
            .forEach(object -> rejected.addAll(object.rejected(body, result.withdrawn())));
      }
    }
    if (rejected.isEmpty()) {
      return List.of();
    }
    DicomObject source = sources.of(all.get(0));
    return List.of(blobs.put(keyObjects.rejection(rejected, source, changed(row, all))::write));
  }

  private static List<ResultObject> objects(Kind kind) {
    return switch (kind) {
      case MAPS -> List.of(ResultObject.PARAMETRIC_MAP);
      case SEGMENTS -> List.of(ResultObject.SEGMENTATION);
      case STATES ->
          List.of(ResultObject.GRAYSCALE_PRESENTATION_STATE, ResultObject.COLOR_PRESENTATION_STATE);
      case REPORTS -> List.of(ResultObject.MEASUREMENT_REPORT);
      case CAPTURES, REJECTED, BUNDLE -> List.of();
    };
  }

  /** Builds one object of a result. */
  private interface Builder {
    DicomObject of(SentenceResult result, DicomObject source, int instanceNumber);
  }

  private List<String> built(Kind kind, List<StoredResult> valid, Builder builder)
      throws IOException {
    List<String> built = new ArrayList<>();
    Sources sources = new Sources();
    for (StoredResult result : valid) {
      DicomObject source = sources.of(result);
      SentenceResult body = ResultJson.read(result.body());
      if (objects(kind).stream().anyMatch(object -> object.isOf(body, source))) {
        built.add(blobs.put(builder.of(body, source, result.position() + 1)::write));
      }
    }
    return built;
  }

  /** Headers of source images, each read once. */
  private final class Sources {
    private final Map<String, DicomObject> read = new HashMap<>();

    DicomObject of(StoredResult result) throws IOException {
      String blob = result.imageBlob();
      if (!read.containsKey(blob)) {
        read.put(blob, DicomObject.read(blobs.path(blob), header -> false));
      }
      return read.get(blob);
    }
  }

  private static ObjectReference reference(SentenceResult result, SentenceResult.Capture capture) {
    return new ObjectReference(
        result.key().captureSeriesInstanceUid(), capture.sopClassUid(), capture.sopInstanceUid());
  }

  /** When the results became what they are: by the last of them, or by the last report. */
  private Instant changed(Delivery row, List<StoredResult> all) {
    Stream<Instant> made = all.stream().map(r -> ResultJson.read(r.body()).computed());
    Optional<Long> report =
        Optional.ofNullable(cases.find(row.caseId()).orElseThrow().reportArrival());
    Stream<Instant> reported = report.stream().map(id -> arrivals.get(id).receivedAt());
    return Stream.concat(made, reported).max(Comparator.naturalOrder()).orElseThrow();
  }
}
