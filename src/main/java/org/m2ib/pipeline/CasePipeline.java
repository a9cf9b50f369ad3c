package org.m2ib.pipeline;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.OutdatedCaseException;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.Reconciliation;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.clip.ModelException;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.dicom.Tags;
import org.m2ib.models.LoadedModel;
import org.m2ib.models.ModelPool;
import org.m2ib.models.ModelRegistry;
import org.m2ib.models.ModelRule;
import org.m2ib.models.RoutedModel;
import org.m2ib.models.ShadowRuns;
import org.m2ib.report.ReadReport;
import org.m2ib.report.ReportSentences;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.Handling;

/** Processes one case, from a complete study and its report to results in the outbox. */
public final class CasePipeline {
  private static final Logger LOG = Logger.getLogger(CasePipeline.class);

  private final CaseStore cases;
  private final ArrivalStore arrivals;
  private final ReportSentences reportSentences;
  private final CaseRoutes routes;
  private final StudyImages studyImages;
  private final ResultStore results;
  private final ModelRegistry models;
  private final Function<LoadedModel, SentenceMaps> maps;
  private final ResultPublisher publisher;
  private final ShadowRuns shadows;
  private final Turns turns;

  /**
   * @param maps computes the maps of a case with a model
   */
  public CasePipeline(
      CaseStore cases,
      ArrivalStore arrivals,
      ReportSentences reportSentences,
      CaseRoutes routes,
      StudyImages studyImages,
      ResultStore results,
      ModelRegistry models,
      Function<LoadedModel, SentenceMaps> maps,
      ResultPublisher publisher,
      ShadowRuns shadows,
      Turns turns) {
    this.cases = cases;
    this.arrivals = arrivals;
    this.reportSentences = reportSentences;
    this.routes = routes;
    this.studyImages = studyImages;
    this.results = results;
    this.models = models;
    this.maps = maps;
    this.publisher = publisher;
    this.shadows = shadows;
    this.turns = turns;
  }

  /**
   * Attributes a case. Work done before an interruption is not repeated. A failure ends in a state
   * with its reason; if the database is unavailable the task is retried. A case that changes
   * meanwhile is left alone: its new state determines what happens next.
   */
  public void attribute(UUID caseId) {
    Case c = cases.find(caseId).orElseThrow();
    if (c.state() != CaseState.ATTRIBUTING) {
      return;
    }
    Turns.Turn turn = turns.begin(c);
    try {
      attribute(c, turn);
      turn.done();
    } catch (StorageUnavailableException e) {
      throw e;
    } catch (OutdatedCaseException e) {
      turn.done();
      LOG.info(e.getMessage());
    } catch (PausedException | CancellationException e) {
      LOG.infof("case %s pauses: %s", caseId, e.getMessage());
    } catch (NoSuchFileException e) {
      LOG.errorf("case %s: attribution failed, an object is missing", caseId);
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, Reconciliation.IMAGE_DAMAGED);
    } catch (ModelException e) { // whose message names the file, not a patient
      LOG.errorf(e, "case %s: no model", caseId);
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, e.getMessage());
    } catch (RoutedModel.UnsupportedMethodException e) {
      LOG.errorf("case %s: %s", caseId, e.getMessage());
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, e.getMessage());
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.errorf(Traces.withoutMessages(e), "case %s: attribution failed", caseId);
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, e.getClass().getSimpleName());
    }
  }

  private void attribute(Case c, Turns.Turn turn) throws IOException {
    ReceivedReport report = arrivals.get(c.reportArrival()).report();
    List<Arrival> received = arrivals.images(c.study().studyInstanceUid());
    Handling route = routes.begin(c, report, received);
    if (route.ignore() != null) {
      ignore(c, route.ignore());
      return;
    }
    StudyImages.Chosen images = studyImages.choose(received, route.images());
    ModelRule.Study study = study(report, images.peek());
    SentenceMaps.Made made;
    ReadReport read;
    try (ModelPool.InUse open = models.open(model(c, route, study));
        RoutedModel model = new RoutedModel(open.model(), route.method())) {
      read = reportSentences.fitting(model.model()::fits).read(report.text(), report.language());
      made = maps.apply(model.model()).make(c, report, read, images, turn);
    }

    List<String> notes = new ArrayList<>();
    if (cases.retrievals().isPartly(c.id())) {
      notes.add(Case.PARTLY_FETCHED);
    }
    Set<String> announced = cases.performedSteps().instances(c.study().studyInstanceUid());
    long absent = announced.stream().filter(uid -> arrivals.objects(uid).isEmpty()).count();
    if (absent > 0) { // the quiet period ended without them
      notes.add(
          "%d of %d objects that the modality or an archive announced did not come"
              .formatted(absent, announced.size()));
    }
    notes.addAll(images.passedOver());
    notes.addAll(images.notes());
    if (report.notes() != null) {
      notes.add(report.notes());
    }
    notes.addAll(made.failures());
    notes.addAll(made.notes());
    notes.addAll(read.forCase());
    String reason = String.join("; ", notes);
    if (made.alarm()) {
      cases.alarm(c.id(), c.revision());
    }
    if (made.results() > 0 || made.withdrawn() > 0) {
      publisher.publish(c, reason);
      shadows.run(c.id(), study);
    } else if (made.failures().isEmpty()) {
      cases.applyAt(c.id(), c.revision(), Event.NOTHING_TO_ATTRIBUTE, reason);
    } else {
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, reason);
    }
  }

  /** Results of an earlier route are withdrawn where they were sent. */
  private void ignore(Case c, String why) {
    String reason = "ignored by its route: " + why;
    if (results.withdrawOthers(c, Set.of()) > 0) {
      publisher.publish(c, reason);
    } else {
      cases.applyAt(c.id(), c.revision(), Event.NOTHING_TO_ATTRIBUTE, reason);
    }
  }

  /** The model it began with, else its route's or the one for such a study, which it then keeps. */
  private String model(Case c, Handling route, ModelRule.Study study) {
    if (c.model() != null && models.names().contains(c.model())) {
      return c.model();
    }
    String model = route.model() == null ? models.choose(study) : models.named(route.model());
    cases.setModel(c.id(), c.revision(), model);
    return model;
  }

  private static ModelRule.Study study(ReceivedReport report, Optional<StudyImage> first) {
    return first
        .map(
            image ->
                new ModelRule.Study(
                    image.header().string(Tags.Modality),
                    image.header().string(Tags.BodyPartExamined),
                    image.received().callingAeTitle(),
                    report.language()))
        .orElseGet(() -> new ModelRule.Study(null, null, null, report.language()));
  }
}
