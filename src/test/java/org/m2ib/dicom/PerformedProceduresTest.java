package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PerformedProceduresTest {
  private static final String MPPS = Uids.MODALITY_PERFORMED_PROCEDURE_STEP;
  private static final String IAN = Uids.INSTANCE_AVAILABILITY_NOTIFICATION;
  private static final String SYNTAX = Uids.IMPLICIT_VR_LITTLE_ENDIAN;

  private final Map<String, String> states = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private StoreScp scp;

  @BeforeEach
  void start() throws IOException {
    scp =
        StoreScp.start(
            LoopbackScp.settings("M2IB"),
            object -> {},
            List.of(new PerformedProcedures(new Kept())));
  }

  private final class Kept implements PerformedProcedures.Steps {
    @Override
    public boolean begin(String stepUid, String studyInstanceUid) {
      told.add("begin " + studyInstanceUid);
      return states.putIfAbsent(stepUid, "IN PROGRESS") == null;
    }

    @Override
    public String state(String stepUid) {
      return states.get(stepUid);
    }

    @Override
    public void end(String stepUid, String state, List<String> instances) {
      states.put(stepUid, state);
      told.add(state + " " + instances);
    }

    @Override
    public void available(String studyInstanceUid, List<String> instances) {
      told.add("available " + studyInstanceUid + " " + instances);
    }
  }

  @AfterEach
  void stop() {
    scp.close();
  }

  private interface Call {
    DimseRSP on(Association association) throws IOException, InterruptedException;
  }

  private int status(Call call) {
    AAssociateRQ request = new AAssociateRQ();
    request.addPresentationContextFor(MPPS, SYNTAX);
    request.addPresentationContextFor(IAN, SYNTAX);
    return new Associations(StoreScu.Settings.of("MODALITY"), name -> null)
        .open(
            new RemoteAe("M2IB", "127.0.0.1", scp.port()),
            request,
            (association, timer) -> {
              DimseRSP response = call.on(association);
              response.next();
              return response.getCommand().getInt(Tag.Status, -1);
            });
  }

  private int create(String uid, DicomObject step) {
    return status(a -> a.ncreate(MPPS, uid, step.attributes(), SYNTAX));
  }

  private int set(String uid, DicomObject step) {
    return status(a -> a.nset(MPPS, uid, step.attributes(), SYNTAX));
  }

  private static DicomObject step(String state) {
    return DicomObject.create().set(Tags.PerformedProcedureStepStatus, state);
  }

  private static DicomObject begun() {
    DicomObject step = step("IN PROGRESS");
    step.addItem(Tags.ScheduledStepAttributesSequence).set(Tags.StudyInstanceUID, "1.2.3");
    return step;
  }

  private static DicomObject completed() {
    DicomObject step = step("COMPLETED");
    DicomObject series = step.addItem(Tags.PerformedSeriesSequence);
    new SopReference(Uids.COMPUTED_RADIOGRAPHY, "1.2.3.4")
        .write(series, Tags.ReferencedImageSequence);
    new SopReference(Uids.COMPREHENSIVE_SR, "1.2.3.5")
        .write(series, Tags.ReferencedNonImageCompositeSOPInstanceSequence);
    return step;
  }

  @Test
  void aStepBeginsAndIsCompletedWithItsInstances() {
    assertThat(create("9.1", begun())).isZero();
    assertThat(set("9.1", DicomObject.create().set(Tags.PatientID, "P1"))).isZero();
    assertThat(set("9.1", completed())).isZero();
    assertThat(told).containsExactly("begin 1.2.3", "COMPLETED [1.2.3.4, 1.2.3.5]");
  }

  @Test
  void aDiscontinuedStepNamesNothing() {
    create("9.1", begun());
    assertThat(set("9.1", step("DISCONTINUED"))).isZero();
    assertThat(told).endsWith("DISCONTINUED []");
  }

  @Test
  void whatBreaksTheStepsLifeIsRefused() {
    assertThat(create("9.1", step("COMPLETED"))).isEqualTo(0x0106);
    assertThat(create("9.1", step("IN PROGRESS"))).isEqualTo(0x0120);
    assertThat(set("9.1", completed())).isEqualTo(0x0112);
    assertThat(create("9.1", begun())).isZero();
    assertThat(create("9.1", begun())).isEqualTo(0x0111);
    assertThat(set("9.1", step("COMPLETED"))).as("without series").isEqualTo(0x0120);
    assertThat(set("9.1", step("DONE"))).isEqualTo(0x0106);
    assertThat(set("9.1", completed())).isZero();
    assertThat(set("9.1", completed())).as("after its end").isEqualTo(0x0110);
  }

  @Test
  void anAvailabilityNotificationNamesTheInstancesOfAStudy() {
    DicomObject notification = DicomObject.create().set(Tags.StudyInstanceUID, "1.2.3");
    assertThat(status(a -> a.ncreate(IAN, "9.9", notification.attributes(), SYNTAX)))
        .isEqualTo(0x0120);
    DicomObject series = notification.addItem(Tags.ReferencedSeriesSequence);
    new SopReference(Uids.COMPUTED_RADIOGRAPHY, "1.2.3.4")
        .write(series, Tags.ReferencedSOPSequence);
    assertThat(status(a -> a.ncreate(IAN, "9.9", notification.attributes(), SYNTAX))).isZero();
    assertThat(status(a -> a.nset(IAN, "9.9", notification.attributes(), SYNTAX)))
        .isEqualTo(0x0211);
    assertThat(told).containsExactly("available 1.2.3 [1.2.3.4]");
  }
}
