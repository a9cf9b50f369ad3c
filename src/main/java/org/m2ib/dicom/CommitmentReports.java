package org.m2ib.dicom;

import java.io.IOException;
import java.util.function.Consumer;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.Commands;

/** Takes the answers of archives that were asked for storage commitment (PS3.4 J.3.3). */
final class CommitmentReports extends DimseService {
  private final StorageCommitment.Reports reports;
  private final Consumer<CommitmentReport> taken;

  /**
   * @param taken called after a report has been answered
   */
  CommitmentReports(StorageCommitment.Reports reports, Consumer<CommitmentReport> taken) {
    super(Uids.STORAGE_COMMITMENT_PUSH_MODEL);
    this.reports = reports;
    this.taken = taken;
  }

  @Override
  void answer(Call call) throws IOException {
    if (call.dimse() != Dimse.N_EVENT_REPORT_RQ) {
      throw new RefusedException(UNRECOGNIZED_OPERATION, "not an operation of this service");
    }
    int type = call.command().getInt(Tag.EventTypeID, 0);
    if (type != 1 && type != 2) {
      throw new RefusedException(NO_SUCH_EVENT_TYPE, "the event type is neither 1 nor 2");
    }
    CommitmentReport report;
    try {
      report = CommitmentReport.read(call.data() == null ? DicomObject.create() : call.data());
    } catch (DicomException e) {
      throw new RefusedException(INVALID_ARGUMENT, e.getMessage());
    }
    if (!reports.reported(report)) {
      throw new RefusedException(INVALID_ARGUMENT, "the transaction is not known here");
    }
    call.association()
        .writeDimseRSP(call.context(), Commands.mkNEventReportRSP(call.command(), SUCCESS));
    taken.accept(report);
  }
}
