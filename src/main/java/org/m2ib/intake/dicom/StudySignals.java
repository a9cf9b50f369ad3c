package org.m2ib.intake.dicom;

import java.util.List;
import java.util.UUID;
import org.m2ib.cases.PerformedStepStore;
import org.m2ib.dicom.PerformedProcedures;
import org.m2ib.dicom.Uids;

/** Keeps what modalities and archives tell about studies, for pairing. */
public final class StudySignals implements PerformedProcedures.Steps {
  private static final String AVAILABLE = "AVAILABLE";

  private final PerformedStepStore store;

  public StudySignals(PerformedStepStore store) {
    this.store = store;
  }

  @Override
  public boolean begin(String stepUid, String studyInstanceUid) {
    return store.add(stepUid, studyInstanceUid, PerformedProcedures.IN_PROGRESS, List.of());
  }

  @Override
  public String state(String stepUid) {
    return store.state(stepUid).orElse(null);
  }

  @Override
  public void end(String stepUid, String state, List<String> instances) {
    store.end(stepUid, state, instances);
  }

  @Override
  public void available(String studyInstanceUid, List<String> instances) {
    store.add(Uids.of(UUID.randomUUID()), studyInstanceUid, AVAILABLE, instances);
  }
}
