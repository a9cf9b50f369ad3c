package org.m2ib.intake;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.m2ib.cases.Inbox;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReceivedOrder;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StudyKey;

/** An inbox in memory that can be told to fail. */
public final class Kept implements Inbox {
  public final List<ReceivedReport> reports = new CopyOnWriteArrayList<>();
  public final List<ReceivedInstance> instances = new CopyOnWriteArrayList<>();
  public final List<PatientChange> patients = new CopyOnWriteArrayList<>();
  public final List<ReceivedOrder> orders = new CopyOnWriteArrayList<>();
  public volatile boolean down;

  /** Message of a defect in the code; null where there is none. */
  public volatile String defect;

  @Override
  public void receive(ReceivedInstance instance) {
    check();
    instances.add(instance);
  }

  @Override
  public void receive(ReceivedReport report) {
    check();
    reports.add(report);
  }

  @Override
  public void receive(List<PatientChange> changes) {
    check();
    patients.addAll(changes);
  }

  @Override
  public void receiveOrders(List<ReceivedOrder> received) {
    check();
    orders.addAll(received);
  }

  @Override
  public Optional<ReceivedReport> document(String number) {
    check();
    return reports.stream()
        .filter(r -> r.document() != null && r.document().sopInstanceUid().equals(number))
        .reduce((a, b) -> b);
  }

  @Override
  public boolean knows(PatientId patient) {
    check();
    return Stream.concat(
            reports.stream().map(ReceivedReport::study),
            instances.stream().map(ReceivedInstance::study))
        .anyMatch(study -> patient.id().equals(study.patientId()));
  }

  @Override
  public void receiveDocument(ReceivedReport report) {
    receive(report);
  }

  @Override
  public Optional<String> textBefore(String reportId, StudyKey study) {
    check();
    return reports.stream()
        .filter(r -> r.reportId().equals(reportId) && !r.text().isBlank())
        .map(ReceivedReport::text)
        .reduce((a, b) -> b);
  }

  /** The only report there is. */
  public ReceivedReport report() {
    if (reports.size() != 1) {
      throw new AssertionError(reports.size() + " reports, not one");
    }
    return reports.get(0);
  }

  private void check() {
    if (defect != null) {
      throw new IllegalStateException(defect);
    }
    if (down) {
      throw new StorageUnavailableException("the database is down", null);
    }
  }
}
