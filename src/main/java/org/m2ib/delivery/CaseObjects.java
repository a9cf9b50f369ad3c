package org.m2ib.delivery;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.Delivery.Status;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.results.ResultGroup;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.CasePage;
import org.m2ib.results.objects.CaseObject;
import org.m2ib.results.objects.EncapsulatedPage;
import org.m2ib.results.objects.KeyObjects;
import org.m2ib.results.objects.MeasurementReport;
import org.m2ib.results.objects.ObjectReference;
import org.m2ib.results.objects.ParametricMap;
import org.m2ib.results.objects.PresentationState;
import org.m2ib.results.objects.RootReport;
import org.m2ib.results.objects.Segmentation;

/**
 * The DICOM files of results, built from the stored ones when they are sent or held. The same
 * results give the same objects.
 */
public final class CaseObjects {
  private final KeyObjects keyObjects;
  private final ParametricMap maps;
  private final Segmentation segmentations;
  private final PresentationState states;
  private final MeasurementReport reports;
  private final RootReport roots;
  private final EncapsulatedPage pages;
  private final List<Kind> kinds;
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final ResultStore results;
  private final Outbox outbox;
  private final Blobs blobs;

  /**
   * @param seriesNumber (0020,0011) of the captures; those of other objects follow it
   * @param softwareVersion of this service
   * @param kinds of the objects that an archive receives
   */
  public CaseObjects(
      int seriesNumber,
      String softwareVersion,
      List<Kind> kinds,
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
    this.roots = new RootReport(seriesNumber, softwareVersion);
    this.pages = new EncapsulatedPage(seriesNumber, softwareVersion);
    this.kinds = List.copyOf(kinds);
    this.arrivals = arrivals;
    this.cases = cases;
    this.results = results;
    this.outbox = outbox;
    this.blobs = blobs;
  }

  /**
   * @param row for an archive
   * @throws IOException if a source image or a picture cannot be read
   */
  List<Path> files(Delivery row) throws IOException {
    List<StoredResult> all = results.of(row.caseId());
    List<StoredResult> valid = valid(all);
    List<String> files = new ArrayList<>();
    if (row.kind() == Kind.REJECTED) {
      List<StoredResult> there = new SentResults(cases, results, outbox).of(row);
      reject(row, LoadedResult.of(there, blobs), sink(files));
    } else if (row.kind() == Kind.CAPTURES) {
      files.addAll(captures(valid));
    } else {
      SentObjects sent = sent(row, other -> other.status() != Status.REPLACED);
      build(row.kind(), sent, LoadedResult.of(valid, blobs), sink(files));
    }
    return files.stream().map(blobs::path).toList();
  }

  /**
   * The objects of the results that hold, as an archive receives them by {@code
   * m2ib.delivery.objects}, whether or not there is one.
   *
   * @return SHA-256 of each file
   * @throws IOException if a source image or a picture cannot be read
   */
  public List<String> held(UUID caseId) throws IOException {
    List<StoredResult> valid = valid(results.of(caseId));
    List<String> files = new ArrayList<>();
    if (kinds.contains(Kind.CAPTURES)) {
      files.addAll(captures(valid));
    }
    if (!kinds.equals(List.of(Kind.CAPTURES))) {
      List<LoadedResult> loaded = LoadedResult.of(valid, blobs);
      for (Kind kind : kinds) {
        build(kind, new SentObjects(Set.copyOf(kinds)), loaded, sink(files));
      }
    }
    return files;
  }

  private static List<StoredResult> valid(List<StoredResult> all) {
    return all.stream().filter(result -> !result.withdrawn()).toList();
  }

  private static List<String> captures(List<StoredResult> valid) {
    return valid.stream()
        .map(StoredResult::captureBlob)
        .filter(blob -> !blob.isEmpty())
        .distinct()
        .toList();
  }

  private Sink sink(List<String> files) {
    return object -> files.add(blobs.put(object::write));
  }

  /** Takes one object at a time: all of a case may be more than the memory. */
  private interface Sink {
    void put(DicomObject object) throws IOException;
  }

  private void build(Kind kind, SentObjects sent, List<LoadedResult> valid, Sink sink)
      throws IOException {
    switch (kind) {
      case MAPS -> each(kind, valid, maps::of, sink);
      case SEGMENTS -> each(kind, valid, segmentations::of, sink);
      case STATES -> each(kind, valid, states::of, sink);
      case REPORTS -> each(kind, valid, reports::of, sink);
      case CAPTURES, KEYS, PAGE, REJECTED, BUNDLE, MESSAGE, REVOKED -> {}
    }
    Optional<CaseObject> document = SentObjects.ofCase(kind);
    if (!valid.isEmpty()
        && document.isPresent()
        && document.get().isOf(LoadedResult.bodies(valid))) {
      sink.put(document(document.get(), sent, valid));
    }
  }

  /** What the row's archive has. */
  private SentObjects sent(Delivery row, Predicate<Delivery> counts) {
    Set<Kind> kinds =
        outbox.of(row.caseId()).stream()
            .filter(other -> other.destination().equals(row.destination()))
            .filter(counts)
            .map(Delivery::kind)
            .collect(Collectors.toSet());
    return new SentObjects(kinds);
  }

  private void reject(Delivery row, List<LoadedResult> all, Sink sink) throws IOException {
    List<ObjectReference> rejected = sent(row, other -> true).rejected(all);
    if (!rejected.isEmpty()) {
      sink.put(keyObjects.rejection(rejected, all.get(0).source(), changed(row, all)));
    }
  }

  /** Builds one object of a result. */
  private interface Builder {
    DicomObject of(SentenceResult result, DicomObject source, int instanceNumber);
  }

  private static void each(Kind kind, List<LoadedResult> valid, Builder builder, Sink sink)
      throws IOException {
    for (LoadedResult result : valid) {
      if (SentObjects.ofResult(kind).stream()
          .anyMatch(object -> object.isOf(result.body(), result.source()))) {
        sink.put(builder.of(result.body(), result.source(), result.stored().position() + 1));
      }
    }
  }

  private DicomObject document(CaseObject document, SentObjects sent, List<LoadedResult> valid)
      throws IOException {
    List<SentenceResult> bodies = LoadedResult.bodies(valid);
    String group = ResultGroup.of(bodies);
    DicomObject source = valid.get(0).source();
    return switch (document) {
      case ROOT_REPORT -> {
        Map<SentenceResult, List<ObjectReference>> objects = new LinkedHashMap<>();
        valid.forEach(result -> objects.put(result.body(), sent.of(result)));
        yield roots.of(group, objects, sent.documents(bodies), source);
      }
      case FLAGGED_IMAGES -> keyObjects.flagged(group, bodies, source);
      case PAGE -> pages.of(group, bodies, source, page(valid));
    };
  }

  private byte[] page(List<LoadedResult> valid) throws IOException {
    List<CasePage.Item> items = new ArrayList<>();
    for (LoadedResult result : valid) {
      BufferedImage picture = ImageIO.read(blobs.path(result.stored().pictureBlob()).toFile());
      items.add(CasePage.Item.of(result.body(), picture, result.source()));
    }
    return CasePage.of(heading(valid.get(0)), items);
  }

  private static List<String> heading(LoadedResult result) {
    DicomObject source = result.source();
    String patient =
        "Patient: %s (%s)"
            .formatted(
                source.string(Tags.PatientName, "unknown").replace('^', ' ').replace('=', ' '),
                source.string(Tags.PatientID, "no identifier"));
    String study =
        "Study of %s, accession number %s; report %s"
            .formatted(
                source.string(Tags.StudyDate, "unknown date"),
                source.string(Tags.AccessionNumber, "unknown"),
                result.body().report().id());
    return List.of(patient, study);
  }

  /** When the results became what they are: by the last of them, or by the last report. */
  private Instant changed(Delivery row, List<LoadedResult> all) {
    Stream<Instant> made = all.stream().map(result -> result.body().computed());
    Optional<Long> report =
        Optional.ofNullable(cases.find(row.caseId()).orElseThrow().reportArrival());
    Stream<Instant> reported = report.stream().map(id -> arrivals.get(id).receivedAt());
    return Stream.concat(made, reported).max(Comparator.naturalOrder()).orElseThrow();
  }
}
