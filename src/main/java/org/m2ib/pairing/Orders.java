package org.m2ib.pairing;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.m2ib.cases.OrderStore;
import org.m2ib.cases.StudyKey;

/** Completes the numbers of a study or report by those of its order. */
final class Orders {
  private final OrderStore store;
  private final Clock clock;
  private final Duration expiry;

  Orders(OrderStore store, Clock clock, Duration expiry) {
    this.store = store;
    this.clock = clock;
    this.expiry = expiry;
  }

  /**
   * The identifiers with those missing that its orders agree on. What is there is not changed, and
   * no patient is added: an order does not decide whose images these are.
   */
  StudyKey complete(StudyKey key) {
    List<StudyKey> orders =
        store.sharing(key, clock.instant().minus(expiry)).stream()
            .filter(order -> StudyMatch.contradictsNone(order, key))
            .toList();
    if (orders.isEmpty()) {
      return key;
    }
    String accession = or(key.accessionNumber(), orders, StudyKey::accessionNumber);
    boolean own = key.accessionNumber() != null;
    return new StudyKey(
        or(key.studyInstanceUid(), orders, StudyKey::studyInstanceUid),
        accession,
        own || accession == null
            ? key.issuerOfAccessionNumber()
            : or(null, orders, StudyKey::issuerOfAccessionNumber),
        or(key.orderNumber(), orders, StudyKey::orderNumber),
        key.patientId(),
        key.issuerOfPatientId(),
        key.visitNumber());
  }

  void expire() {
    store.expire(clock.instant().minus(expiry));
  }

  /** A number that two orders contradict each other in stays missing. */
  private static String or(String own, List<StudyKey> orders, Function<StudyKey, String> number) {
    List<String> all = orders.stream().map(number).filter(Objects::nonNull).distinct().toList();
    return own == null && all.size() == 1 ? all.get(0) : own;
  }
}
