package org.m2ib.lab.phantom;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v251.datatype.TX;
import ca.uhn.hl7v2.model.v251.group.ORU_R01_ORDER_OBSERVATION;
import ca.uhn.hl7v2.model.v251.message.ORU_R01;
import ca.uhn.hl7v2.model.v251.segment.MSH;
import ca.uhn.hl7v2.model.v251.segment.OBR;
import ca.uhn.hl7v2.model.v251.segment.OBX;
import ca.uhn.hl7v2.model.v251.segment.PID;
import ca.uhn.hl7v2.parser.PipeParser;
import java.util.List;

/** A phantom's report as HL7 v2.5.1 ORU^R01: one OBX per line. */
public final class PhantomMessage {
  private static final String TIME = PhantomIdentity.STUDY_DATE + PhantomIdentity.STUDY_TIME;

  private PhantomMessage() {}

  /** In ER7 (vertical bar) encoding, segments ended by a carriage return. */
  public static String of(PhantomReport report) {
    try {
      ORU_R01 message = new ORU_R01();
      header(message.getMSH(), report.identity());
      patient(message.getPATIENT_RESULT().getPATIENT().getPID(), report.identity());
      order(message.getPATIENT_RESULT().getORDER_OBSERVATION(), report);
      return new PipeParser().encode(message);
    } catch (HL7Exception e) {
      throw new IllegalStateException("a phantom's report cannot be written as HL7", e);
    }
  }

  private static void header(MSH msh, PhantomIdentity identity) throws HL7Exception {
    msh.getFieldSeparator().setValue("|");
    msh.getEncodingCharacters().setValue("^~\\&");
    msh.getSendingApplication().getNamespaceID().setValue("PHANTOM");
    msh.getSendingFacility().getNamespaceID().setValue("SAMPLE");
    msh.getReceivingApplication().getNamespaceID().setValue("M2IB");
    msh.getReceivingFacility().getNamespaceID().setValue("SAMPLE");
    msh.getDateTimeOfMessage().getTime().setValue(TIME);
    msh.getMessageType().getMessageCode().setValue("ORU");
    msh.getMessageType().getTriggerEvent().setValue("R01");
    msh.getMessageType().getMessageStructure().setValue("ORU_R01");
    msh.getMessageControlID().setValue(identity.accessionNumber());
    msh.getProcessingID().getProcessingID().setValue("T"); // training, table 0103
    msh.getVersionID().getVersionID().setValue("2.5.1");
    msh.insertCharacterSet(0).setValue("UNICODE UTF-8");
  }

  private static void patient(PID pid, PhantomIdentity identity) throws HL7Exception {
    pid.getSetIDPID().setValue("1");
    pid.getPatientIdentifierList(0).getIDNumber().setValue(identity.patientId());
    String[] name = identity.patientName().split("\\^");
    pid.getPatientName(0).getFamilyName().getSurname().setValue(name[0]);
    pid.getPatientName(0).getGivenName().setValue(name[1]);
  }

  private static void order(ORU_R01_ORDER_OBSERVATION order, PhantomReport report)
      throws HL7Exception {
    String accession = report.identity().accessionNumber();
    order.getORC().getOrderControl().setValue("RE");
    order.getORC().getFillerOrderNumber().getEntityIdentifier().setValue(accession);
    order.getORC().getOrderStatus().setValue("CM");
    OBR obr = order.getOBR();
    obr.getSetIDOBR().setValue("1");
    obr.getFillerOrderNumber().getEntityIdentifier().setValue(accession);
    obr.getUniversalServiceIdentifier().getIdentifier().setValue("36554-4");
    obr.getUniversalServiceIdentifier().getText().setValue("Chest X-ray");
    obr.getUniversalServiceIdentifier().getNameOfCodingSystem().setValue("LN");
    obr.getObservationDateTime().getTime().setValue(TIME);
    obr.getPlacerField1().setValue(accession);
    obr.getResultStatus().setValue("F");
    List<String> lines = report.lines();
    for (int i = 0; i < lines.size(); i++) {
      OBX obx = order.getOBSERVATION(i).getOBX();
      obx.getSetIDOBX().setValue(String.valueOf(i + 1));
      obx.getValueType().setValue("TX");
      obx.getObservationIdentifier().getIdentifier().setValue("36554-4");
      obx.getObservationIdentifier().getText().setValue("Chest X-ray");
      obx.getObservationIdentifier().getNameOfCodingSystem().setValue("LN");
      TX text = new TX(order.getMessage());
      text.setValue(lines.get(i));
      obx.getObservationValue(0).setData(text);
      obx.getObservationResultStatus().setValue("F");
    }
  }
}
