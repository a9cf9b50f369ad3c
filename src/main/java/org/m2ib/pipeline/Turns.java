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
 * Whose turn it is to be attributed: a large case gives way to those that wait, none works without
 * end, and all stop when the service does. What was made is kept, so a case goes on where it
 * stopped.
 */
public final class Turns {

  /**
   * @param turn after which a case gives way, where another waits
   * @param limit after which a case is left with the maps that it has; counted anew when the
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

  /** Of a case at a revision. */
  private record Used(int revision, Duration time) {}

  public Turns(Settings settings, CaseStore cases, WaitingWork waiting, Clock clock) {
    this.settings = settings;
    this.cases = cases;
    this.waiting = waiting;
    this.clock = clock;
  }

  /** The service stops: who has a turn stops at the next opportunity. */
  public void end() {
    ending = true;
  }

  Turn begin(Case c) {
    Used before = used.get(c.id());
    boolean goesOn = before != null && before.revision() == c.revision();
    return new Turn(c, goesOn ? before.time() : Duration.ZERO);
  }

  /** One case at work. */
  final class Turn {
    private final Case c;
    private final Duration before;
    private final Instant begun = clock.instant();

    private Turn(Case c, Duration before) {
      this.c = c;
      this.before = before;
    }

    /**
     * Asked before each piece of work.
     *
     * @return false when its time is used up
     * @throws PausedException when it is others' turn, or the service stops
     * @throws OutdatedCaseException when the case has changed
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

    /** It is done, however it ended. */
    void done() {
      used.remove(c.id());
    }
  }
}
