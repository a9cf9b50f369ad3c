package org.m2ib.delivery;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.m2ib.base.Digests;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Delivery;
import org.m2ib.results.hl7.Hl7Version;
import org.m2ib.results.hl7.ResultMessage;

/** The HL7 message of an outbox row, built from the stored results when it is sent. */
public final class CaseMessages {
  private final ResultMessage builder;
  private final Function<MllpAddress, Hl7Version> versions;
  private final SentResults results;
  private final Blobs blobs;
  private final Clock clock;

  /**
   * @param versions the version of HL7 that a receiver gets now
   */
  public CaseMessages(
      ResultMessage builder,
      Function<MllpAddress, Hl7Version> versions,
      SentResults results,
      Blobs blobs,
      Clock clock) {
    this.builder = builder;
    this.versions = versions;
    this.results = results;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** MSH-10 (20 characters): a receiver knows a repeated attempt by it. */
  String controlId(Delivery row) {
    return Digests.sha256(row.id() + " " + row.opened()).substring(0, 20);
  }

  private static boolean again(Delivery row) {
    return row.opened() > 1 || row.kind() == Delivery.Kind.REVOKED;
  }

  /**
   * @return empty if the case has no results, or none to withdraw
   * @throws IOException if a source image cannot be read
   */
  Optional<String> of(Delivery row) throws IOException {
    List<ResultMessage.Item> items =
        LoadedResult.of(results.of(row), blobs).stream()
            .map(r -> new ResultMessage.Item(r.body(), r.stored().withdrawn(), r.source()))
            .toList();
    return items.isEmpty()
        ? Optional.empty()
        : Optional.of(
            builder.of(
                versions.apply(MllpAddress.parse(row.destination())),
                controlId(row),
                row.caseId(),
                again(row),
                items,
                clock.instant()));
  }
}
