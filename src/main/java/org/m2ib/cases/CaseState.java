package org.m2ib.cases;

import static org.m2ib.cases.CaseState.Event.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/**
 * Where a case stands, and what may happen to it there. This is the only place that says so;
 * docs/case-states.md is made from it.
 */
public enum CaseState {
  /** Images are here, no report yet. */
  AWAITING_REPORT,
  /** A report is here, no image yet. */
  AWAITING_STUDY,
  /** Both are here; more images may still come. */
  COLLECTING,
  /** The study is complete; its maps are being made. */
  ATTRIBUTING,
  /** Results wait for their destinations or are on their way. */
  DELIVERING,
  /** Every destination has the results. */
  DELIVERED,
  /** A destination was given up; the reason says which and why. */
  UNDELIVERED,
  /** Nothing in it can be attributed; the reason says why. */
  SKIPPED,
  /** Attribution failed; the reason says why. */
  FAILED,
  /** Patient identifiers of study and report disagree: nothing is done, no result stands. */
  MISMATCHED,
  /** The report was withdrawn; its results are being withdrawn too. */
  WITHDRAWING,
  /** The report was withdrawn, and with it the results. */
  CANCELLED,
  /** The other half did not come in time. */
  EXPIRED;

  /** What can happen to a case. */
  public enum Event {
    /** A new or changed image; no report is here. */
    IMAGE_ALONE,
    /** A new or changed image; a report is here. */
    IMAGE,
    /** A new or amended report; no image is here. */
    REPORT_ALONE,
    /** A new or amended report; images are here. */
    REPORT,
    /** The report was cancelled by its sender. */
    REPORT_CANCELLED,
    /** Patient identifiers disagree. */
    MISMATCH,
    /** Nothing came for the quiet period, or all that was announced is here. */
    STUDY_COMPLETE,
    /** All maps are made and stored. */
    ATTRIBUTED,
    /** No image or no sentence to attribute. */
    NOTHING_TO_ATTRIBUTE,
    /** No map could be made. */
    ATTRIBUTION_FAILED,
    /** Every destination has it. */
    ALL_DELIVERED,
    /** A destination was given up. */
    GIVEN_UP,
    /** A person asks to try again. */
    RETRY,
    /** A person asks to try again; what failed was a withdrawal. */
    RETRY_WITHDRAWAL,
    /** A person asks for it by another model. */
    REDO,
    /** The other half did not come in time. */
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

  /** Whether it goes on when its outbox is empty. */
  public boolean awaitsDelivery() {
    return on(ALL_DELIVERED).isPresent();
  }

  /** Whether results of this case may be in the hands of others. */
  private boolean mayHaveResults() {
    return switch (this) {
      case AWAITING_REPORT, AWAITING_STUDY, EXPIRED -> false;
      default -> true;
    };
  }

  /** The state after an event; empty where the event cannot be. */
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
