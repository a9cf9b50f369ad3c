package org.m2ib.cases;

import static org.m2ib.cases.CaseState.Event.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/**
 * The states of a case and the transitions between them. This is the only place that defines them;
 * docs/case-states.md is generated from it.
 */
public enum CaseState {
  /** Images are present, no report yet. */
  AWAITING_REPORT,
  /** A report is present, no image yet. */
  AWAITING_STUDY,
  /** Both are present; more images may still arrive. */
  COLLECTING,
  /** The study is complete; its maps are being computed. */
  ATTRIBUTING,
  /** Results are waiting for their destinations or being sent. */
  DELIVERING,
  /** Every destination has the results. */
  DELIVERED,
  /** Delivery to a destination was given up; the reason says which and why. */
  UNDELIVERED,
  /** Nothing in the case can be attributed; the reason says why. */
  SKIPPED,
  /** Attribution failed; the reason says why. */
  FAILED,
  /** Patient identifiers of study and report disagree: nothing is done, and no result is valid. */
  MISMATCHED,
  /** The report was withdrawn; its results are being withdrawn too. */
  WITHDRAWING,
  /** The report was withdrawn, and so were the results. */
  CANCELLED,
  /** The study or report did not arrive in time. */
  EXPIRED;

  /** Events of a case. */
  public enum Event {
    /** A new or changed image; there is no report. */
    IMAGE_ALONE,
    /** A new or changed image; there is a report. */
    IMAGE,
    /** A new or amended report; there is no image. */
    REPORT_ALONE,
    /** A new or amended report; there are images. */
    REPORT,
    /** The sender cancelled the report. */
    REPORT_CANCELLED,
    /** Patient identifiers disagree. */
    MISMATCH,
    /** Nothing arrived for the quiet period, or everything announced is present. */
    STUDY_COMPLETE,
    /** All maps are computed and stored. */
    ATTRIBUTED,
    /** No image or no sentence to attribute. */
    NOTHING_TO_ATTRIBUTE,
    /** No map could be computed. */
    ATTRIBUTION_FAILED,
    /** Every destination has the results. */
    ALL_DELIVERED,
    /** Delivery to a destination was given up. */
    GIVEN_UP,
    /** A person requests another attempt. */
    RETRY,
    /** A person requests another attempt; a withdrawal had failed. */
    RETRY_WITHDRAWAL,
    /** A person requests attribution with another model. */
    REDO,
    /** The study or report did not arrive in time. */
    TIME_OUT
  }

  private static final Map<CaseState, Map<Event, CaseState>> NEXT = new EnumMap<>(CaseState.class);

  static {
    from(AWAITING_REPORT).on(IMAGE_ALONE, AWAITING_REPORT).on(TIME_OUT, EXPIRED);
    from(AWAITING_STUDY).on(REPORT_ALONE, AWAITING_STUDY).on(TIME_OUT, EXPIRED);
    from(COLLECTING).on(STUDY_COMPLETE, ATTRIBUTING);
    from(ATTRIBUTING)
        .on(ATTRIBUTED, DELIVERING)
        .on(NOTHING_TO_ATTRIBUTE, SKIPPED)
        .on(ATTRIBUTION_FAILED, FAILED);
    from(DELIVERING).on(ALL_DELIVERED, DELIVERED).on(GIVEN_UP, UNDELIVERED);
    from(DELIVERED).on(RETRY, DELIVERING);
    from(UNDELIVERED).on(RETRY, DELIVERING).on(RETRY_WITHDRAWAL, WITHDRAWING);
    from(SKIPPED).on(RETRY, ATTRIBUTING);
    from(FAILED).on(RETRY, ATTRIBUTING);
    from(WITHDRAWING).on(ALL_DELIVERED, CANCELLED).on(GIVEN_UP, UNDELIVERED);
    from(CANCELLED).on(REPORT_ALONE, AWAITING_STUDY).on(REPORT_CANCELLED, CANCELLED);
    from(EXPIRED).on(IMAGE_ALONE, AWAITING_REPORT).on(REPORT_ALONE, AWAITING_STUDY);
    for (CaseState state : EnumSet.of(DELIVERING, DELIVERED, UNDELIVERED, SKIPPED, FAILED)) {
      from(state).on(REDO, ATTRIBUTING);
    }
    for (CaseState state : values()) {
      Transitions any = from(state).on(MISMATCH, MISMATCHED).on(REPORT, COLLECTING);
      if (state == WITHDRAWING || state == CANCELLED) {
        any.on(IMAGE, state);
      } else {
        any.on(IMAGE, COLLECTING);
        any.on(REPORT_CANCELLED, state.mayHaveResults() ? WITHDRAWING : CANCELLED);
      }
    }
  }

  /** Whether the case advances when its outbox is empty. */
  public boolean awaitsDelivery() {
    return on(ALL_DELIVERED).isPresent();
  }

  /** Whether others may have results of this case. */
  private boolean mayHaveResults() {
    return switch (this) {
      case AWAITING_REPORT, AWAITING_STUDY, EXPIRED -> false;
      default -> true;
    };
  }

  /** The state after an event; empty if the event is not possible. */
  public Optional<CaseState> on(Event event) {
    return Optional.ofNullable(NEXT.get(this).get(event));
  }

  private static Transitions from(CaseState state) {
    return new Transitions(NEXT.computeIfAbsent(state, s -> new EnumMap<>(Event.class)));
  }

  private record Transitions(Map<Event, CaseState> map) {
    Transitions on(Event event, CaseState next) {
      map.put(event, next);
      return this;
    }
  }
}
