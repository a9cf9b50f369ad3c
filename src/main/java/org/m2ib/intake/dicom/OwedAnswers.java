package org.m2ib.intake.dicom;

import java.util.List;
import org.m2ib.cases.OwedCommitment;
import org.m2ib.cases.OwedCommitmentStore;
import org.m2ib.dicom.SopReference;
import org.m2ib.dicom.StorageCommitment;

/** Keeps the answers that senders wait for in the database. */
public final class OwedAnswers implements StorageCommitment.Owed {
  private final OwedCommitmentStore store;

  public OwedAnswers(OwedCommitmentStore store) {
    this.store = store;
  }

  @Override
  public StorageCommitment.Answer open(
      String callingAeTitle,
      String calledAeTitle,
      String transactionUid,
      List<SopReference> instances) {
    return answer(
        store.open(
            callingAeTitle,
            calledAeTitle,
            transactionUid,
            instances.stream()
                .map(one -> new OwedCommitment.Instance(one.sopClassUid(), one.sopInstanceUid()))
                .toList()));
  }

  @Override
  public List<StorageCommitment.Answer> take() {
    return store.take().stream().map(this::answer).toList();
  }

  private StorageCommitment.Answer answer(OwedCommitment row) {
    return new StorageCommitment.Answer() {
      @Override
      public String callingAeTitle() {
        return row.callingAeTitle();
      }

      @Override
      public String calledAeTitle() {
        return row.calledAeTitle();
      }

      @Override
      public String transactionUid() {
        return row.transactionUid();
      }

      @Override
      public List<SopReference> instances() {
        return row.instances().stream()
            .map(one -> new SopReference(one.sopClassUid(), one.sopInstanceUid()))
            .toList();
      }

      @Override
      public void done() {
        store.answered(row.id());
      }

      @Override
      public boolean failed(String problem) {
        return store.failed(row, problem);
      }

      @Override
      public void giveBack() {
        store.giveBack(row);
      }
    };
  }
}
