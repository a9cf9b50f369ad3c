package org.m2ib.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.OutdatedCaseException;
import org.m2ib.cases.WaitingWork;

/**
 * Shares attribution time between cases: a large case yields to waiting ones, none runs without
 * end, and all stop at shutdown. Finished results are kept, so a case resumes where it stopped.
 */
public final class Turns {

  /**
   * @param turn time after which a case yields if another is waiting
   * @param limit time after which a case is left with the maps that it has; counted anew when the
   *     service starts
   */
  public record Settings(Duration turn, Duration limit) {
    public Settings {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException(
            "m2ib.attribution.time-limit = " + limit + ": must be above zero");
      }
    }
  }

  private final Settings settings;
  private final CaseStore cases;
  private final WaitingWork waiting;
  private final Clock clock;
  private final Map<UUID, Used> used = new ConcurrentHashMap<>();
  private volatile boolean ending;

  /** Time used by a case at a revision. */
  private record Used(int revision, Duration time) {}

  public Turns(Settings settings, CaseStore cases, WaitingWork waiting, Clock clock) {
    this.settings = settings;
    this.cases = cases;
    this.waiting = waiting;
    this.clock = clock;
  }

  /** Shutdown: whoever has a turn stops at the next opportunity. */
  public void end() {
    ending = true;
  }

  Turn begin(Case c) {
    Used before = used.get(c.id());
    boolean goesOn = before != null && before.revision() == c.revision();
    return new Turn(c, goesOn ? before.time() : Duration.ZERO);
  }

  /** One case being processed. */
  final class Turn {
    private final Case c;
    private final Duration before;
    private final Instant begun = clock.instant();

    private Turn(Case c, Duration before) {
      this.c = c;
      this.before = before;
    }

    /**
     * Call before each piece of work.
     *
     * @return false if its time is used up
     * @throws PausedException if another case is due, or the service is stopping
     * @throws OutdatedCaseException if the case has changed
     */
    boolean goesOn() {
      if (ending) {
        throw new PausedException("the service is stopping");
      }
      if (!cases.isAttributed(c)) {
        throw new OutdatedCaseException(c.id());
      }
      Duration turn = Duration.between(begun, clock.instant());
      if (before.plus(turn).compareTo(settings.limit()) >= 0) {
        return false;
      }
      if (turn.compareTo(settings.turn()) >= 0
          && waiting.hasAttribution(CaseScheduler.ATTRIBUTION, c.id())) {
        used.put(c.id(), new Used(c.revision(), before.plus(turn)));
        cases.toTheBack(c);
        throw new PausedException("other cases are waiting");
      }
      return true;
    }

    Duration limit() {
      return settings.limit();
    }

    /** Ends the turn, whatever the outcome. */
    void done() {
      used.remove(c.id());
    }
  }
}
