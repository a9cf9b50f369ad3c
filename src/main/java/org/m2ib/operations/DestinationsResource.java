package org.m2ib.operations;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Roles;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.DeliveryQueue;
import org.m2ib.cases.Outbox;
import org.m2ib.delivery.DestinationTrial;
import org.m2ib.delivery.KnownDestinations;
import org.m2ib.delivery.Redelivery;
import org.m2ib.operations.DestinationAnswers.DeadLetter;
import org.m2ib.operations.DestinationAnswers.DeadLetterList;
import org.m2ib.operations.DestinationAnswers.DestinationEntry;
import org.m2ib.operations.DestinationAnswers.DestinationList;
import org.m2ib.operations.DestinationAnswers.RedeliveredCases;
import org.m2ib.operations.DestinationAnswers.TriedDestination;

/**
 * {@code /api/destinations}: where results go, what waits for each, tries of a connection, and
 * further attempts.
 */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/destinations")
@Blocking
public class DestinationsResource {
  /** Dead letters in one answer. */
  static final int MOST = 100;

  private static final String NAME = "Name of the destination, of the list's names.";

  private final Supplier<KnownDestinations> known;
  private final Supplier<Database> database;
  private final Supplier<Outbox> outbox;
  private final Supplier<Redelivery> redelivery;
  private final Supplier<DestinationTrial> trial;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public DestinationsResource(
      Instance<KnownDestinations> known,
      Instance<Database> database,
      Instance<Outbox> outbox,
      Instance<Redelivery> redelivery,
      Instance<DestinationTrial> trial) {
    this.known = known::get;
    this.database = database::get;
    this.outbox = outbox::get;
    this.redelivery = redelivery::get;
    this.trial = trial::get;
  }

  DestinationsResource(
      KnownDestinations known,
      Database database,
      Outbox outbox,
      Redelivery redelivery,
      DestinationTrial trial) {
    this.known = () -> known;
    this.database = () -> database;
    this.outbox = () -> outbox;
    this.redelivery = () -> redelivery;
    this.trial = () -> trial;
  }

  /** Those that are named now, then those that are not but still have rows to send. */
  @GET
  @Operation(
      operationId = "listDestinations",
      summary = "Lists where results go, and what waits for each.")
  public DestinationList all() {
    Map<String, DeliveryQueue> queues = DeliveryQueue.all(database.get());
    List<DestinationEntry> all = new ArrayList<>();
    named()
        .forEach(
            (address, namedBy) -> {
              DeliveryQueue queue = queues.remove(address);
              all.add(
                  DestinationEntry.of(
                      address, namedBy, queue == null ? DeliveryQueue.empty(address) : queue));
            });
    queues.forEach((address, queue) -> all.add(DestinationEntry.of(address, List.of(), queue)));
    return new DestinationList(all);
  }

  /** By address, what names it. */
  private Map<String, List<String>> named() {
    Map<String, List<String>> named = new LinkedHashMap<>();
    known.get().known().forEach(each -> named.put(each.address(), each.namedBy()));
    return named;
  }

  /** Tries a connection; takes seconds if it does not answer. */
  @POST
  @Path("{destination}/try")
  @Operation(
      operationId = "tryDestination",
      summary = "Tries a connection, and leaves nothing at the destination.")
  @Consumes(MediaType.APPLICATION_JSON) // no body; another site's form cannot send this type
  @Recorded(action = "destination-tried", subject = "destination/{destination}")
  public TriedDestination tryIt(
      @Parameter(description = NAME) @PathParam("destination") String name) {
    String address = find(name);
    return TriedDestination.of(address, trial.get().of(address));
  }

  /** What was given up, the longest ago first. */
  @GET
  @Path("{destination}/dead-letters")
  @Operation(
      operationId = "listDeadLetters",
      summary = "Lists deliveries to a destination that were given up, the oldest first.")
  public DeadLetterList deadLetters(
      @Parameter(description = NAME) @PathParam("destination") String name) {
    String address = find(name);
    DeliveryQueue queue = DeliveryQueue.all(database.get()).get(address);
    return new DeadLetterList(
        outbox.get().in(Delivery.Status.DEAD, address, MOST).stream().map(DeadLetter::of).toList(),
        queue == null ? 0 : queue.dead());
  }

  /** Sends all that was given up for a destination again; answers with the number of cases. */
  @POST
  @Path("{destination}/redelivery")
  @Operation(
      operationId = "redeliverTo",
      summary = "Retries every delivery to a destination that was given up.")
  @Consumes(MediaType.APPLICATION_JSON)
  @Recorded(action = "dead-letters-redelivered", subject = "destination/{destination}")
  public RedeliveredCases redeliver(
      @Parameter(description = NAME) @PathParam("destination") String name) {
    return new RedeliveredCases(redelivery.get().to(find(name)));
  }

  private String find(String name) {
    return all().destinations().stream()
        .filter(each -> each.name().equals(name))
        .map(DestinationEntry::address)
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    404, "There is no such destination. /api/destinations lists them."));
  }
}
