package org.m2ib.operations;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.m2ib.base.Digests;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.DeliveryQueue;
import org.m2ib.delivery.DeliveryReason;
import org.m2ib.delivery.DestinationTrial;
import org.m2ib.delivery.KnownDestinations.Protocol;

/** The answers of {@code /api/destinations}. */
final class DestinationAnswers {
  /** A problem names a peer and a reason, and no more is shown of it. */
  private static final int LONGEST = 500;

  /** Enough to tell destinations apart; addresses have slashes, which paths do not. */
  private static final int KEY_LENGTH = 12;

  private DestinationAnswers() {}

  /** Names a destination in paths. */
  static String key(String address) {
    return Digests.sha256(address).substring(0, KEY_LENGTH);
  }

  static String shortened(String problem) {
    return problem.length() > LONGEST ? problem.substring(0, LONGEST) + "…" : problem;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  record DestinationList(List<DestinationEntry> destinations) {}

  /**
   * @param name that of its paths
   * @param namedBy the settings that name it; empty: none does any more
   * @param oldest since when the longest waiting has waited; null: nothing waits
   * @param last the most recent problem of what is not delivered; null: there was none
   */
  record DestinationEntry(
      String name,
      String address,
      @Schema(enumeration = {"dicom", "dicomweb", "fhir", "hl7"}) String protocol,
      List<String> namedBy,
      long waiting,
      long trying,
      long uncommitted,
      long dead,
      Instant oldest,
      DeliveryFailure last,
      DestinationLinks links) {

    static DestinationEntry of(String address, List<String> namedBy, DeliveryQueue queue) {
      String key = key(address);
      return new DestinationEntry(
          key,
          address,
          word(Protocol.of(address)),
          namedBy,
          queue.waiting(),
          queue.trying(),
          queue.uncommitted(),
          queue.dead(),
          queue.oldest(),
          queue.last() == null ? null : DeliveryFailure.of(queue.last()),
          new DestinationLinks(
              "/api/destinations/" + key + "/try",
              "/api/destinations/" + key + "/dead-letters",
              "/api/destinations/" + key + "/redelivery"));
    }
  }

  record DestinationLinks(String tryIt, String deadLetters, String redelivery) {}

  record DeliveryFailure(UUID caseId, String problem, DeliveryReason reason, Instant at) {
    static DeliveryFailure of(DeliveryQueue.Failure failure) {
      String problem = shortened(failure.problem());
      return new DeliveryFailure(
          failure.caseId(), problem, DeliveryReason.of(problem), failure.at());
    }
  }

  /**
   * @param tried what was done
   * @param found more words on the outcome; may be empty
   * @param reason the same in parts
   */
  record TriedDestination(
      String address,
      String tried,
      @Schema(
              enumeration = {
                "works",
                "refused",
                "not-reachable",
                "no-answer",
                "certificate",
                "unauthorised",
                "unexpected"
              })
          String outcome,
      String found,
      DeliveryReason reason,
      long milliseconds) {

    static TriedDestination of(String address, DestinationTrial.Tried tried) {
      return new TriedDestination(
          address,
          tried.tried(),
          word(tried.outcome()),
          tried.found(),
          DeliveryReason.of(tried.found()),
          tried.milliseconds());
    }
  }

  /**
   * @param total how many there are; the list ends at {@link DestinationsResource#MOST}
   */
  record DeadLetterList(List<DeadLetter> deadLetters, long total) {}

  /**
   * @param kind what is to be sent, as in the deliveries of a case
   * @param givenUpAt when the last attempt failed
   */
  record DeadLetter(
      UUID id,
      UUID caseId,
      Delivery.Kind kind,
      int attempts,
      String problem,
      DeliveryReason reason,
      Instant givenUpAt,
      DeadLetterLinks links) {

    static DeadLetter of(Delivery row) {
      return new DeadLetter(
          row.id(),
          row.caseId(),
          row.kind(),
          row.attempts(),
          shortened(row.problem()),
          DeliveryReason.of(shortened(row.problem())),
          row.updatedAt(),
          new DeadLetterLinks("/cases/" + row.caseId(), "/api/redelivery/" + row.id()));
    }
  }

  /**
   * @param page of its case
   */
  record DeadLetterLinks(String page, String redelivery) {}

  /**
   * @param cases number of cases
   */
  record RedeliveredCases(int cases) {}
}
