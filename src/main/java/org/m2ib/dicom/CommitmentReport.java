package org.m2ib.dicom;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to a storage commitment request (PS3.4 J.3.3): which instances the provider promises
 * to keep.
 *
 * @param transactionUid (0008,1195) of the request
 * @param committed the instances that are promised
 * @param failed the others, each with a FailureReason (0008,1197) of PS3.3 C.14.1.1
 */
public record CommitmentReport(
    String transactionUid, List<SopReference> committed, Map<SopReference, Integer> failed) {
  /** No such object instance: the provider does not have it. */
  public static final int NO_SUCH_OBJECT_INSTANCE = 0x0112;

  /** The provider has the instance with another SOP class. */
  public static final int CLASS_INSTANCE_CONFLICT = 0x0119;

  public CommitmentReport {
    committed = List.copyOf(committed);
    failed = Map.copyOf(failed);
  }

  /** Event type (PS3.4 Table J.3-2): 1, all are promised; 2, there are failures. */
  int eventType() {
    return failed.isEmpty() ? 1 : 2;
  }

  /**
   * @throws DicomException if an element is missing
   */
  static CommitmentReport read(DicomObject event) {
    Map<SopReference, Integer> failed = new LinkedHashMap<>();
    for (DicomObject item : event.sequence(Tags.FailedSOPSequence)) {
      failed.put(
          SopReference.read(item),
          item.integer(Tags.FailureReason, DimseService.PROCESSING_FAILURE));
    }
    return new CommitmentReport(
        event.requiredString(Tags.TransactionUID),
        event.sequence(Tags.ReferencedSOPSequence).stream().map(SopReference::read).toList(),
        failed);
  }

  DicomObject write() {
    DicomObject event = DicomObject.create().remove(Tags.SpecificCharacterSet);
    event.set(Tags.TransactionUID, transactionUid);
    committed.forEach(one -> one.write(event, Tags.ReferencedSOPSequence));
    failed.forEach(
        (one, reason) ->
            one.write(event, Tags.FailedSOPSequence).set(Tags.FailureReason, reason.intValue()));
    return event;
  }
}
