package org.m2ib.results.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.v251.datatype.HD;
import ca.uhn.hl7v2.model.v251.datatype.NM;
import ca.uhn.hl7v2.model.v251.datatype.RP;
import ca.uhn.hl7v2.model.v251.datatype.TX;
import ca.uhn.hl7v2.model.v251.group.ORU_R01_ORDER_OBSERVATION;
import ca.uhn.hl7v2.model.v251.segment.OBX;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultFigure;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.hl7.ResultMessage.Item;

/** Appends the OBX segments of a message (HL7 v2.5.1, 7.4.2). */
final class ResultObservations {
  private static final String UID_OF_STUDY = "110180";

  private final ORU_R01_ORDER_OBSERVATION order;
  private final Function<Instant, String> time;
  private int count;

  ResultObservations(ORU_R01_ORDER_OBSERVATION order, Function<Instant, String> time) {
    this.order = order;
    this.time = time;
  }

  void study(String studyInstanceUid) throws HL7Exception {
    if (studyInstanceUid != null) {
      OBX obx = next(UID_OF_STUDY, "Study Instance UID", "DCM");
      HD uid = new HD(obx.getMessage());
      uid.getUniversalID().setValue(studyInstanceUid);
      uid.getUniversalIDType().setValue("ISO");
      value(obx, "HD", uid);
    }
  }

  /** The result's observations share a sub-ID; those of a withdrawn one are deleted. */
  void add(Item item) throws HL7Exception {
    SentenceResult result = item.result();
    text(item, "SENTENCE", "Sentence of the report", result.sentence().text());
    for (ResultFigure figure : ResultFigure.ofMap(result)) {
      figure(item, figure);
    }
    text(item, "PLACE", "Side and zone of the hot region", result.place().inPatient());
    for (ResultFigure figure : ResultFigure.ofAudit(result)) {
      figure(item, figure);
    }
    List<Audit.Alarm> alarms = result.audit() == null ? List.of() : result.audit().alarms();
    for (Audit.Alarm alarm : alarms) {
      text(item, "ALARM-" + alarm.name().replace('_', '-'), "Alarm of the audit", alarm.code())
          .getAbnormalFlags(0)
          .setValue("A");
    }
    if (result.forced()) {
      text(item, "FORCED", "Forced map", Audit.FORCED);
    }
    text(item, "IMAGE", "SOP Instance UID of the image", result.image().sopInstanceUid());
  }

  void link(String address) throws HL7Exception {
    OBX obx = next("PAGE", "Page of the case", ResultFigure.OWN);
    RP pointer = new RP(obx.getMessage());
    pointer.getPointer().setValue(address);
    pointer.getApplicationID().getNamespaceID().setValue(ResultMessage.APPLICATION);
    pointer.getTypeOfData().setValue("TEXT");
    pointer.getSubtype().setValue("HTML");
    value(obx, "RP", pointer);
  }

  private OBX text(Item item, String code, String meaning, String text) throws HL7Exception {
    OBX obx = of(item, code, meaning, ResultFigure.OWN);
    if (!item.withdrawn()) {
      TX value = new TX(obx.getMessage());
      value.setValue(ResultMessage.oneLine(text));
      value(obx, "TX", value);
    }
    return obx;
  }

  private void figure(Item item, ResultFigure figure) throws HL7Exception {
    OBX obx = of(item, figure.code(), figure.meaning(), figure.scheme());
    if (item.withdrawn()) {
      return;
    }
    if (!Double.isFinite(figure.value())) {
      obx.getObservationResultStatus().setValue("X"); // cannot be obtained
      return;
    }
    NM value = new NM(obx.getMessage());
    BigDecimal number = new BigDecimal(figure.value(), new MathContext(6)).stripTrailingZeros();
    value.setValue(number.toPlainString());
    value(obx, "NM", value);
    ResultMessage.code(obx.getUnits(), figure.unit(), null, "UCUM");
  }

  private OBX of(Item item, String code, String meaning, String scheme) throws HL7Exception {
    OBX obx = next(code, meaning, scheme);
    // the same in every message, so that a receiver replaces what it has
    obx.getObservationSubID().setValue(item.result().key().id().toString().substring(0, 13));
    obx.getObservationResultStatus().setValue(item.withdrawn() ? "D" : "F");
    obx.getDateTimeOfTheObservation().getTime().setValue(time.apply(item.result().computed()));
    return obx;
  }

  private OBX next(String code, String meaning, String scheme) throws HL7Exception {
    OBX obx = order.getOBSERVATION(count++).getOBX();
    obx.getSetIDOBX().setValue(String.valueOf(count));
    ResultMessage.code(obx.getObservationIdentifier(), code, meaning, scheme);
    obx.getObservationResultStatus().setValue("F");
    return obx;
  }

  private static void value(OBX obx, String type, Type value) throws HL7Exception {
    obx.getValueType().setValue(type);
    obx.getObservationValue(0).setData(value);
  }
}
