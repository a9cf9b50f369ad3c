package org.m2ib.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.cases.UnstorableException;

/** Any chains of merges: the cases do not depend on what came first. */
class PatientMergePropertiesTest {
  private static final int PATIENTS = 5;

  /** One merge: the first into the second. */
  record Merge(int prior, int patient) {}

  @Provide
  Arbitrary<List<Merge>> merges() {
    Arbitrary<Integer> patient = Arbitraries.integers().between(0, PATIENTS - 1);
    return patient
        .tuple2()
        .filter(two -> !two.get1().equals(two.get2()))
        .map(two -> new Merge(two.get1(), two.get2()))
        .list()
        .ofMaxSize(8);
  }

  @Property(tries = 60)
  void aCaseEndsTheSameWhereverStudyAndReportComeAmongTheMerges(
      @ForAll("merges") List<Merge> merges,
      @ForAll @Size(2) List<@IntRange(max = PATIENTS - 1) Integer> patients,
      @ForAll @Size(2) List<@IntRange(max = 8) Integer> at) {
    Node node = new Node();
    Map<Integer, Integer> model = new HashMap<>();
    for (int i = 0; i <= merges.size(); i++) {
      if (Math.min(at.get(0), merges.size()) == i) {
        node.image(patients.get(0));
      }
      if (Math.min(at.get(1), merges.size()) == i) {
        node.report(patients.get(1));
      }
      if (i < merges.size()) {
        Merge merge = merges.get(i);
        boolean circle = end(model, merge.patient(), merge.prior()) == merge.prior();
        assertThat(node.merge(merge)).as("%s of %s", merge, merges).isEqualTo(!circle);
        if (!circle) {
          model.put(merge.prior(), merge.patient());
        }
      }
    }
    int image = end(model, patients.get(0), -1);
    boolean same = image == end(model, patients.get(1), -1);
    Case c = node.only();
    assertThat(c.state()).isEqualTo(same ? CaseState.COLLECTING : CaseState.MISMATCHED);
    assertThat(c.study().patientId()).isEqualTo("P" + image);
    assertThat(c.study().issuerOfPatientId()).isEqualTo("HOSP");
  }

  /** The end of a chain, or where it meets a patient. */
  private static int end(Map<Integer, Integer> model, int from, int until) {
    int at = from;
    while (at != until && model.containsKey(at)) {
      at = model.get(at);
    }
    return at;
  }

  /** A service without its network. */
  private static final class Node {
    private final Database database = TestDatabase.h2();
    private final ArrivalStore arrivals = TestArrivals.store(database, Clock.systemUTC());
    private final CaseStore cases = new CaseStore(database, Clock.systemUTC());
    private final Pairing pairing =
        new Pairing(
            new Pairing.Settings(Duration.ofDays(1), Duration.ofDays(30), Duration.ofDays(90)),
            database,
            arrivals,
            cases,
            Clock.systemUTC());

    boolean merge(Merge merge) {
      try {
        arrivals.receive(
            List.of(
                new PatientChange(
                    new PatientId("P" + merge.prior(), "HOSP"),
                    new PatientId("P" + merge.patient(), "HOSP"),
                    "A40",
                    null,
                    null,
                    ReportTimes.NONE,
                    TestArrivals.BLOB)));
      } catch (UnstorableException e) {
        return false;
      }
      pairing.run();
      return arrivals.aside() == 0;
    }

    void image(int patient) {
      arrivals.receive(
          new ReceivedInstance(
              new StudyKey("1.1", "A1", null, null, "P" + patient, "HOSP"),
              "1.2",
              "1.3",
              "1.2.840.10008.5.1.4.1.1.1",
              "CR",
              "PA",
              null,
              "PACS",
              TestArrivals.BLOB));
      pairing.run();
    }

    void report(int patient) {
      arrivals.receive(
          TestArrivals.report(
              new StudyKey(null, "A1", null, null, "P" + patient, "HOSP"),
              "R1",
              ReportStatus.FINAL,
              "Clear.",
              "hl7",
              TestArrivals.BLOB));
      pairing.run();
    }

    Case only() {
      List<Case> all = cases.search(new CaseStore.Query(null, null, null, false, 0, 9));
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }
}
