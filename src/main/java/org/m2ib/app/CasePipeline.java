package org.m2ib.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.Sentence;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.delivery.Publication;
import org.m2ib.imaging.StudyImages;
import org.m2ib.report.ReportSentences;

/** The way of one case, from a complete study and its report to results in the outbox. */
final class CasePipeline {
  private static final Logger LOG = Logger.getLogger(CasePipeline.class);

  private final CaseStore cases;
  private final ArrivalStore arrivals;
  private final ReportSentences reportSentences;
  private final StudyImages studyImages;
  private final SentenceMaps maps;
  private final Publication publication;

  CasePipeline(
      CaseStore cases,
      ArrivalStore arrivals,
      ReportSentences reportSentences,
      StudyImages studyImages,
      SentenceMaps maps,
      Publication publication) {
    this.cases = cases;
    this.arrivals = arrivals;
    this.reportSentences = reportSentences;
    this.studyImages = studyImages;
    this.maps = maps;
    this.publication = publication;
  }

  /**
   * Attributes a case. What was done before an interruption is not done again. A failure ends in a
   * state with its reason; a database that is away lets the task be tried again.
   */
  void attribute(UUID caseId) {
    Case c = cases.find(caseId).orElseThrow();
    if (c.state() != CaseState.ATTRIBUTING) {
      return;
    }
    try {
      attribute(c);
    } catch (StorageUnavailableException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.errorf(e, "case %s: attribution failed", caseId);
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, e.getClass().getSimpleName());
    }
  }

  private void attribute(Case c) throws IOException {
    ReceivedReport report = arrivals.get(c.reportArrival()).report();
    List<Sentence> sentences = reportSentences.attributed(report.text());
    StudyImages.Chosen images = studyImages.choose(arrivals.images(c.study().studyInstanceUid()));
    SentenceMaps.Made made = maps.make(c, report, sentences, images.instances());

    List<String> notes = new ArrayList<>(images.passedOver());
    notes.addAll(made.failures());
    if (sentences.isEmpty()) {
      notes.add("the report has no sentence in the sections that are attributed");
    }
    String reason = String.join("; ", notes);
    if (made.results() > 0 || made.withdrawn() > 0) {
      publication.publish(c, reason);
    } else if (made.failures().isEmpty()) {
      cases.applyAt(c.id(), c.revision(), Event.NOTHING_TO_ATTRIBUTE, reason);
    } else {
      cases.applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, reason);
    }
  }
}
