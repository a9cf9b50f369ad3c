package org.m2ib.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.m2ib.cases.CommitmentStore;
import org.m2ib.cases.Database;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.StoreScu;

/** Storage commitment for tests: nobody is asked, or these archives. */
public final class TestCommitments {
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  private TestCommitments() {}

  public static Commitments none(Database database, Clock clock) {
    return of(Set.of(), database, clock);
  }

  static Commitments of(Set<String> aeTitles, Database database, Clock clock) {
    CommitmentScu scu =
        new CommitmentScu(
            StoreScu.Settings.of("M2IB"),
            name -> {
              throw new IllegalArgumentException(name);
            });
    return new Commitments(aeTitles, TIMEOUT, scu, new CommitmentStore(database, clock));
  }
}
