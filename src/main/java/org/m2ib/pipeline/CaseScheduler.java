package org.m2ib.pipeline;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.m2ib.base.Traces;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.Schedulers;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.WaitingWork;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.pairing.Pairing;

/**
 * Runs the steps as db-scheduler tasks. States and rows are the source of truth: a task only
 * triggers a step, and a missing task is replaced within a second.
 *
 * <p>The pulse, attribution and each destination have their own schedulers and threads, so that an
 * archive or FHIR server that hangs only delays deliveries to itself.
 */
public final class CaseScheduler implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CaseScheduler.class);
  private static final Duration PULSE = Duration.ofSeconds(1);
  static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  private static final int BATCH = 500;
  static final String ATTRIBUTION = "attribution";

  private final Pairing pairing;
  private final Consumer<UUID> pipeline;
  private final ResultPublisher publisher;
  private final Deliveries deliveries;
  private final CaseStore cases;
  private final Outbox outbox;
  private final WaitingWork waiting;
  private final MeterRegistry meters;
  private final OneTimeTask<Void> attribution;
  private final Scheduler pulses;
  private final Scheduler attributions;
  private final Supplier<Set<String>> destinations;
  private final Function<String, DeliveryLane> laneMaker;
  private final Map<String, DeliveryLane> lanes = new HashMap<>();

  /** For rows whose destination is no longer configured. */
  private final DeliveryLane otherwise;

  private volatile boolean stopping;
  private boolean closed;

  /**
   * @param workers number of cases attributed at the same time
   * @param destinations as named in the rows of the outbox; routes may change them
   * @param pipeline attributes a case
   */
  public CaseScheduler(
      int workers,
      Supplier<Set<String>> destinations,
      DataSource source,
      Pairing pairing,
      Consumer<UUID> pipeline,
      ResultPublisher publisher,
      Deliveries deliveries,
      CaseStore cases,
      Outbox outbox,
      WaitingWork waiting,
      MeterRegistry meters) {
    if (workers < 1) {
      throw new IllegalArgumentException("m2ib.engine.workers = " + workers + ": at least 1");
    }
    this.pairing = pairing;
    this.pipeline = pipeline;
    this.publisher = publisher;
    this.deliveries = deliveries;
    this.cases = cases;
    this.outbox = outbox;
    this.waiting = waiting;
    this.meters = meters;
    this.attribution =
        Tasks.oneTime(ATTRIBUTION)
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
            .execute((instance, context) -> attribute(UUID.fromString(instance.getId())));
    RecurringTask<Void> pulse =
        Tasks.recurring("pulse", FixedDelay.of(PULSE)).execute((instance, context) -> pulse());
    this.pulses = Schedulers.of(source).startTasks(pulse).threads(1).build();
    this.attributions = Schedulers.of(source, attribution).threads(workers).build();
    Timer timer = timer("delivery");
    this.destinations = destinations;
    this.laneMaker = destination -> new DeliveryLane(destination, source, deliveries, timer);
    destinations.get().forEach(destination -> lanes.put(destination, laneMaker.apply(destination)));
    this.otherwise = laneMaker.apply("");
  }

  public void start() {
    schedulers().forEach(Scheduler::start);
  }

  /**
   * Aborts deliveries that wait for an answer, then waits for other work. A concurrent caller waits
   * as long: a second {@link Scheduler#stop} would return at once.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    deliveries.close();
    stopping = true;
    schedulers().parallelStream().forEach(Scheduler::stop);
    closed = true;
  }

  private List<Scheduler> schedulers() {
    List<Scheduler> all = new ArrayList<>(List.of(pulses, attributions, otherwise.scheduler()));
    synchronized (lanes) {
      lanes.values().forEach(lane -> all.add(lane.scheduler()));
    }
    return all;
  }

  /** Pairs arrivals and creates a task for every state and row that waits for work. */
  private void pulse() {
    timed("pairing", pairing::run);
    cases.toWithdraw(BATCH).forEach(this::withdraw);
    deliveries.askAgain();
    wakeAttribution();
    wakeDeliveries();
  }

  /** One case that cannot be withdrawn does not block the others. */
  private void withdraw(Case c) {
    try {
      publisher.withdraw(c.id());
    } catch (StorageUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.errorf(Traces.withoutMessages(e), "case %s: not withdrawn", c.id());
    }
  }

  /** Creates tasks for every waiting case: whichever process has a free worker takes the oldest. */
  private void wakeAttribution() {
    for (WaitingWork.Item item : waiting.attributions(ATTRIBUTION, BATCH)) {
      attributions.scheduleIfNotExists(attribution.instance(item.id().toString()), item.since());
    }
  }

  /** By destination, so that many rows for one do not hide those of the others. */
  private void wakeDeliveries() {
    for (String destination : outbox.destinations(Delivery.Status.PENDING)) {
      DeliveryLane lane = lane(destination);
      waiting.deliveries(destination, lane.task(), BATCH).forEach(lane::wake);
    }
  }

  /** A destination that has come in since the start gets its lane when something waits for it. */
  private DeliveryLane lane(String destination) {
    synchronized (lanes) {
      if (!lanes.containsKey(destination)
          && !stopping
          && destinations.get().contains(destination)) {
        DeliveryLane lane = laneMaker.apply(destination);
        lanes.put(destination, lane);
        lane.scheduler().start();
      }
      return lanes.getOrDefault(destination, otherwise);
    }
  }

  private void attribute(UUID caseId) {
    inCase(caseId, () -> timed(ATTRIBUTION, () -> pipeline.accept(caseId)));
    wakeDeliveries();
  }

  private static void inCase(UUID caseId, Runnable work) {
    MDC.put("case", caseId.toString());
    try {
      work.run();
    } finally {
      MDC.remove("case");
    }
  }

  private void timed(String step, Runnable work) {
    timer(step).record(work);
  }

  private Timer timer(String step) {
    return meters.timer("m2ib.step", List.of(Tag.of("step", step)));
  }
}
