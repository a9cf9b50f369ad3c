package org.m2ib.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.results.ResultGroup;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.objects.CaseObject;
import org.m2ib.results.objects.ObjectReference;
import org.m2ib.results.objects.ResultObject;

/**
 * Which objects an archive has of a case, by the kinds that it receives: those that hold, and those
 * that it must not show any more. They follow from the results.
 */
final class SentObjects {
  private final Set<Kind> kinds;

  SentObjects(Set<Kind> kinds) {
    this.kinds = kinds;
  }

  /** The kinds of objects of one result that an outbox row holds. */
  static List<ResultObject> ofResult(Kind kind) {
    return switch (kind) {
      case MAPS -> List.of(ResultObject.PARAMETRIC_MAP);
      case SEGMENTS -> List.of(ResultObject.SEGMENTATION);
      case STATES ->
          List.of(ResultObject.GRAYSCALE_PRESENTATION_STATE, ResultObject.COLOR_PRESENTATION_STATE);
      case REPORTS -> List.of(ResultObject.MEASUREMENT_REPORT);
      case CAPTURES, KEYS, PAGE, REJECTED, BUNDLE, MESSAGE, REVOKED -> List.of();
    };
  }

  /** The kind of document of a case that an outbox row holds. */
  static Optional<CaseObject> ofCase(Kind kind) {
    return switch (kind) {
      case REPORTS -> Optional.of(CaseObject.ROOT_REPORT);
      case KEYS -> Optional.of(CaseObject.FLAGGED_IMAGES);
      case PAGE -> Optional.of(CaseObject.PAGE);
      case CAPTURES, MAPS, SEGMENTS, STATES, REJECTED, BUNDLE, MESSAGE, REVOKED -> Optional.empty();
    };
  }

  /** The objects of a result that holds. */
  List<ObjectReference> of(LoadedResult result) {
    List<ObjectReference> objects = new ArrayList<>();
    if (kinds.contains(Kind.CAPTURES)) {
      objects.add(reference(result.body(), result.body().capture()));
    }
    for (Kind kind : kinds.stream().sorted().toList()) {
      ofResult(kind).stream()
          .filter(object -> object.isOf(result.body(), result.source()))
          .forEach(object -> objects.add(object.of(result.body())));
    }
    return objects;
  }

  /** The documents of results that hold, without the root report. */
  List<ObjectReference> documents(List<SentenceResult> valid) {
    String group = ResultGroup.of(valid);
    return kinds.stream()
        .sorted()
        .flatMap(kind -> ofCase(kind).stream())
        .filter(document -> document != CaseObject.ROOT_REPORT && document.isOf(valid))
        .map(document -> document.of(group, valid.get(0)))
        .toList();
  }

  /**
   * @param all results of a case, also withdrawn ones
   */
  List<ObjectReference> rejected(List<LoadedResult> all) {
    List<ObjectReference> rejected = new ArrayList<>();
    for (LoadedResult result : all) {
      SentenceResult body = result.body();
      boolean withdrawn = result.stored().withdrawn();
      if (kinds.contains(Kind.CAPTURES)) {
        (withdrawn ? body.capture().andRejected() : body.capture().rejected())
            .forEach(capture -> rejected.add(reference(body, capture)));
      }
      for (Kind kind : kinds) {
        ofResult(kind).stream()
            .filter(object -> object.isOf(body, result.source()))
            .forEach(object -> rejected.addAll(object.rejected(body, withdrawn)));
      }
    }
    rejected.addAll(rejectedDocuments(all));
    return rejected;
  }

  private List<ObjectReference> rejectedDocuments(List<LoadedResult> all) {
    List<SentenceResult> bodies = LoadedResult.bodies(all);
    List<SentenceResult> valid =
        all.stream().filter(r -> !r.stored().withdrawn()).map(LoadedResult::body).toList();
    Optional<String> current =
        valid.isEmpty() ? Optional.empty() : Optional.of(ResultGroup.of(valid));
    List<ObjectReference> rejected = new ArrayList<>();
    for (String group : ResultGroup.known(bodies)) {
      List<SentenceResult> members =
          bodies.stream().filter(body -> body.capture().groups().contains(group)).toList();
      for (Kind kind : kinds) {
        ofCase(kind)
            .filter(document -> !current.equals(Optional.of(group)) && document.isOf(members))
            .ifPresent(document -> rejected.add(document.of(group, members.get(0))));
      }
    }
    return rejected;
  }

  private static ObjectReference reference(SentenceResult result, SentenceResult.Capture capture) {
    return new ObjectReference(
        result.key().captureSeriesInstanceUid(), capture.sopClassUid(), capture.sopInstanceUid());
  }
}
