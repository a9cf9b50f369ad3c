package org.m2ib.fhir.subscription;

import ca.uhn.fhir.context.FhirContext;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Subscription;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.Database;
import org.m2ib.cases.Schedulers;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.fhir.subscription.Notifications.Kind;
import org.m2ib.fhir.subscription.Subscribed.Event;
import org.m2ib.fhir.subscription.Subscribed.Status;

/**
 * Notifies subscribers. A change of a resource is a row, written with the resource; a recurring
 * task replaces it by an event for each subscription that it is about; each subscription has its
 * own task and thread, so none waits for another's endpoint. Rows are the source of truth, and all
 * of it continues after a restart.
 */
public final class Subscriptions implements AutoCloseable {
  /** Of subscriptions that are not off, and of threads. */
  public static final int MOST = 16;

  private static final Logger LOG = Logger.getLogger(Subscriptions.class);
  private static final int ATTEMPTS = 20;
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration PULSE = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final int MOST_TEXT = 200;

  private final SubscriptionStore store;
  private final Notifications notifications;
  private final Endpoints endpoints;
  private final HookClient client;
  private final BiPredicate<RestHook, Event> matches;
  private final Duration firstPause;
  private final Clock clock;
  private final CustomTask<Void> task;
  private final Scheduler hooks;
  private final Scheduler pulses;

  /**
   * @param matches whether a subscription is about a changed resource
   * @param firstPause after the first failure; doubled after each further one, up to an hour
   */
  public Subscriptions(
      Database database,
      SubscriptionStore store,
      Notifications notifications,
      Endpoints endpoints,
      HookClient client,
      BiPredicate<RestHook, Event> matches,
      Duration firstPause,
      Clock clock) {
    this.store = store;
    this.notifications = notifications;
    this.endpoints = endpoints;
    this.client = client;
    this.matches = matches;
    this.firstPause = firstPause;
    this.clock = clock;
    this.task =
        Tasks.custom("fhir-subscription", Void.class)
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
            .execute((instance, context) -> attempt(instance.getId()));
    RecurringTask<Void> pulse =
        Tasks.recurring("fhir-changes", FixedDelay.of(PULSE))
            .execute((instance, context) -> pulse());
    this.hooks = Schedulers.of(database.source(), task).threads(MOST).build();
    this.pulses = Schedulers.of(database.source()).startTasks(pulse).threads(1).build();
  }

  /** Does nothing if no endpoint is allowed. */
  public void start() {
    if (!endpoints.allowed().isEmpty()) {
      hooks.start();
      pulses.start();
    }
  }

  @Override
  public void close() {
    pulses.stop();
    hooks.stop();
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  /**
   * Returns a notification of past events, for {@code $events}.
   *
   * @param content of the payload: empty, id-only or full-resource
   */
  public Bundle past(Subscribed subscribed, List<Event> events, String content) {
    return notifications.bundle(subscribed, hook(subscribed), Kind.QUERY_EVENT, events, content);
  }

  /** Makes a subscription's task run now. */
  public void wake(String id) {
    try {
      hooks.schedule(task.instance(id), clock.instant(), ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
    } catch (TaskInstanceCurrentlyExecutingException e) {
      return; // the next pulse wakes it
    }
  }

  private void pulse() {
    boolean more = true;
    while (more) {
      more = store.dispatch(this::isAbout);
    }
    for (Subscribed one : store.live()) {
      boolean waiting = one.status() == Status.REQUESTED || !store.events(one.id(), 1).isEmpty();
      if (one.failures() == 0 && waiting) {
        wake(one.id());
      } else { // its task may be lost; else it knows itself when to run
        hooks.scheduleIfNotExists(task.instance(one.id()), clock.instant());
      }
    }
  }

  private boolean isAbout(Subscribed subscribed, Event event) {
    try {
      return matches.test(hook(subscribed), event);
    } catch (StorageUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.errorf(Traces.withoutMessages(e), "subscription %s: not compared", subscribed.id());
      store.attempted(subscribed, Status.OFF, "its criteria are no longer supported", 0);
      return false;
    }
  }

  /** Parses a stored Subscription. */
  public static Subscription resource(Subscribed subscribed) {
    return FhirContext.forR4Cached()
        .newJsonParser()
        .parseResource(Subscription.class, subscribed.body());
  }

  private static RestHook hook(Subscribed subscribed) {
    return RestHook.of(resource(subscribed));
  }

  /** One attempt, and when the next is due. */
  private CompletionHandler<Void> attempt(String id) {
    Optional<Subscribed> found = store.find(id).filter(one -> one.status() != Status.OFF);
    if (found.isEmpty()) {
      return new CompletionHandler.OnCompleteRemove<>();
    }
    Subscribed subscribed = found.get();
    RestHook hook = hook(subscribed);
    Instant next = clock.instant().plus(hook.heartbeat().orElse(LONGEST_PAUSE));
    if (hook.end().isPresent() && hook.end().get().isBefore(clock.instant())) {
      store.attempted(subscribed, Status.OFF, "it has ended", 0);
      return new CompletionHandler.OnCompleteRemove<>();
    }
    try {
      if (!endpoints.allows(hook.endpoint().toString())) {
        throw new IOException("its endpoint is not below m2ib.fhir-api.subscription-endpoints");
      }
      notify(subscribed, hook);
      store.attempted(subscribed, Status.ACTIVE, "", 0);
    } catch (InterruptedException e) { // the service ends
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted; the notification is sent again later");
    } catch (IOException e) {
      int failures = subscribed.failures() + 1;
      boolean off = failures >= ATTEMPTS;
      LOG.warnf(
          "subscription %s: attempt %d failed%s: %s",
          id, failures, off ? ", it is off now" : "", e.getMessage());
      String text = e.getMessage();
      store.attempted(
          subscribed,
          off ? Status.OFF : Status.ERROR,
          text.substring(0, Math.min(text.length(), MOST_TEXT)),
          failures);
      next = clock.instant().plus(pause(failures));
    }
    Instant due = next;
    return (complete, operations) -> operations.reschedule(complete, due);
  }

  private Duration pause(int failures) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /**
   * Sends what is due: all events, or a handshake, or a heartbeat. Whoever did not answer last gets
   * a handshake first: no event goes to an endpoint that never took one, and none counts as active.
   */
  private void notify(Subscribed subscribed, RestHook hook)
      throws IOException, InterruptedException {
    boolean unheard = subscribed.status() != Status.ACTIVE;
    if (hook.topic().isPresent() && unheard) {
      send(subscribed, hook, Kind.HANDSHAKE, List.of());
    }
    List<Event> events = store.events(subscribed.id(), hook.topic().isPresent() ? hook.most() : 1);
    if (events.isEmpty() && !unheard && hook.heartbeat().isPresent()) {
      send(subscribed, hook, Kind.HEARTBEAT, List.of());
    }
    while (!events.isEmpty()) {
      if (hook.topic().isPresent()) {
        send(subscribed, hook, Kind.EVENT, events);
      } else {
        send(hook, events.get(0));
      }
      store.notified(subscribed.id(), events.get(events.size() - 1).number());
      events = store.events(subscribed.id(), hook.topic().isPresent() ? hook.most() : 1);
    }
  }

  private void send(Subscribed subscribed, RestHook hook, Kind kind, List<Event> events)
      throws IOException, InterruptedException {
    Subscribed told =
        store.find(subscribed.id()).orElse(subscribed); // its number of events has grown
    String body =
        Notifications.encoded(
            notifications.bundle(told, hook, kind, events, hook.content()), hook.isXml());
    String mime = hook.mime().isEmpty() ? "application/fhir+json" : hook.mime();
    client.send("POST", hook, hook.endpoint().toString(), mime, body);
  }

  /** FHIR R4 subscription.html#rest-hook: a POST without a body, or an update with the resource. */
  private void send(RestHook hook, Event event) throws IOException, InterruptedException {
    String endpoint = hook.endpoint().toString();
    if (hook.mime().isEmpty()) {
      client.send("POST", hook, endpoint, "", "");
      return;
    }
    Optional<Resource> resource = notifications.resource(event);
    if (resource.isEmpty()) {
      LOG.errorf("%s/%s is stored but unreadable: no notification", event.type(), event.id());
      return;
    }
    String url = endpoint.replaceFirst("/$", "") + "/" + event.type() + "/" + event.id();
    client.send("PUT", hook, url, hook.mime(), Notifications.encoded(resource.get(), hook.isXml()));
  }
}
