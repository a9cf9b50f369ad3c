package org.m2ib.dicom;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.aoju.bus.image.Dimse;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.VR;
import org.aoju.bus.image.metric.Commands;

/**
 * What modalities and archives tell about studies: Modality Performed Procedure Steps (PS3.4 F.7)
 * and Instance Availability Notifications (PS3.4 R). A step that is COMPLETED and a notification
 * name the instances of a study.
 */
public final class PerformedProcedures extends DimseService {
  private static final int DUPLICATE_INSTANCE = 0x0111;
  private static final int MISSING_ATTRIBUTE = 0x0120;
  private static final int INVALID_VALUE = 0x0106;

  /** State of a step that has not ended. */
  public static final String IN_PROGRESS = "IN PROGRESS";

  /** Keeps what is told. Called from several threads at once. */
  public interface Steps {
    /**
     * A step has begun.
     *
     * @return false if there is one with this SOP Instance UID
     */
    boolean begin(String stepUid, String studyInstanceUid);

    /** State of a step: IN PROGRESS, COMPLETED or DISCONTINUED; null if it is not known. */
    String state(String stepUid);

    /**
     * A step has ended.
     *
     * @param instances SOP Instance UIDs of what it made; empty if it was discontinued
     */
    void end(String stepUid, String state, List<String> instances);

    /** Instances of a study are available at an archive. */
    void available(String studyInstanceUid, List<String> instances);
  }

  private final Steps steps;

  public PerformedProcedures(Steps steps) {
    super(Uids.MODALITY_PERFORMED_PROCEDURE_STEP, Uids.INSTANCE_AVAILABILITY_NOTIFICATION);
    this.steps = steps;
  }

  @Override
  void answer(Call call) throws IOException {
    boolean create = call.dimse() == Dimse.N_CREATE_RQ;
    String sopClass =
        call.command().getString(create ? Tag.AffectedSOPClassUID : Tag.RequestedSOPClassUID);
    boolean step = Uids.MODALITY_PERFORMED_PROCEDURE_STEP.equals(sopClass);
    if (!create && !(step && call.dimse() == Dimse.N_SET_RQ)) {
      throw new RefusedException(UNRECOGNIZED_OPERATION, "not an operation of this SOP class");
    }
    if (call.data() == null) {
      throw new RefusedException(MISSING_ATTRIBUTE, "no data set");
    }
    try {
      if (!step) {
        notification(call);
      } else if (create) {
        begin(call);
      } else {
        set(call);
      }
    } catch (DicomException e) {
      throw new RefusedException(MISSING_ATTRIBUTE, e.getMessage());
    }
  }

  private void begin(Call call) throws IOException {
    String uid = call.command().getString(Tag.AffectedSOPInstanceUID);
    if (uid == null) { // the SCP may assign it (PS3.7 10.1.5.1.4)
      uid = Uids.of(UUID.randomUUID());
    }
    if (!IN_PROGRESS.equals(call.data().requiredString(Tags.PerformedProcedureStepStatus))) {
      throw new RefusedException(INVALID_VALUE, "(0040,0252) must be IN PROGRESS at first");
    }
    List<String> studies =
        call.data().sequence(Tags.ScheduledStepAttributesSequence).stream()
            .map(item -> item.requiredString(Tags.StudyInstanceUID))
            .distinct()
            .toList();
    if (studies.isEmpty()) {
      throw new RefusedException(MISSING_ATTRIBUTE, "(0040,0270) names no study");
    }
    if (!steps.begin(uid, studies.get(0))) {
      throw new RefusedException(DUPLICATE_INSTANCE, "there is such a step already");
    }
    Attributes response = Commands.mkNCreateRSP(call.command(), SUCCESS);
    response.setString(Tag.AffectedSOPInstanceUID, VR.UI, uid);
    call.association().writeDimseRSP(call.context(), response);
  }

  private void set(Call call) throws IOException {
    String uid = call.command().getString(Tag.RequestedSOPInstanceUID);
    String before = uid == null ? null : steps.state(uid);
    if (before == null) {
      throw new RefusedException(NO_SUCH_INSTANCE, "there is no such step");
    }
    if (!before.equals(IN_PROGRESS)) {
      throw new RefusedException(
          PROCESSING_FAILURE, "Performed Procedure Step Object may no longer be updated");
    }
    String state = call.data().string(Tags.PerformedProcedureStepStatus, IN_PROGRESS);
    switch (state) {
      case "COMPLETED" -> steps.end(uid, state, instances(call.data()));
      case "DISCONTINUED" -> steps.end(uid, state, List.of());
      case IN_PROGRESS -> {}
      default -> throw new RefusedException(INVALID_VALUE, "(0040,0252) has another value");
    }
    call.association().writeDimseRSP(call.context(), Commands.mkNSetRSP(call.command(), SUCCESS));
  }

  private static List<String> instances(DicomObject step) {
    List<DicomObject> series = step.sequence(Tags.PerformedSeriesSequence);
    if (series.isEmpty()) {
      throw new RefusedException(MISSING_ATTRIBUTE, "(0040,0340) is empty");
    }
    return series.stream()
        .flatMap(
            one ->
                Stream.concat(
                    one.sequence(Tags.ReferencedImageSequence).stream(),
                    one.sequence(Tags.ReferencedNonImageCompositeSOPInstanceSequence).stream()))
        .map(one -> one.requiredString(Tags.ReferencedSOPInstanceUID))
        .distinct()
        .toList();
  }

  private void notification(Call call) throws IOException {
    String study = call.data().requiredString(Tags.StudyInstanceUID);
    List<String> instances =
        call.data().sequence(Tags.ReferencedSeriesSequence).stream()
            .flatMap(series -> series.sequence(Tags.ReferencedSOPSequence).stream())
            .map(one -> one.requiredString(Tags.ReferencedSOPInstanceUID))
            .distinct()
            .toList();
    if (instances.isEmpty()) {
      throw new RefusedException(MISSING_ATTRIBUTE, "(0008,1115) names no instance");
    }
    steps.available(study, instances);
    call.association()
        .writeDimseRSP(call.context(), Commands.mkNCreateRSP(call.command(), SUCCESS));
  }
}
