package org.m2ib.results.hl7;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.DataTypeException;
import ca.uhn.hl7v2.model.v251.datatype.CE;
import ca.uhn.hl7v2.model.v251.group.ORU_R01_ORDER_OBSERVATION;
import ca.uhn.hl7v2.model.v251.group.ORU_R01_PATIENT;
import ca.uhn.hl7v2.model.v251.message.ORU_R01;
import ca.uhn.hl7v2.model.v251.segment.MSH;
import ca.uhn.hl7v2.model.v251.segment.OBR;
import ca.uhn.hl7v2.model.v251.segment.PID;
import ca.uhn.hl7v2.util.idgenerator.UUIDGenerator;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.m2ib.base.Notice;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.results.ResultFigure;
import org.m2ib.results.SentenceResult;

/**
 * Builds a case's results as one HL7 v2 message ORU^R01 (chapter 7), for an information system
 * without FHIR. It is that of v2.5.1, without what an older version does not have. docs/hl7.md has
 * its fields.
 *
 * @param sender MSH-4, our facility
 * @param application MSH-5, the receiving application
 * @param facility MSH-6, the receiving facility
 * @param page address under which people open this service, for the link to a case's page
 * @param zone of dates and times
 */
public record ResultMessage(
    Optional<String> sender,
    Optional<String> application,
    Optional<String> facility,
    Optional<String> page,
    ZoneId zone) {

  /** MSH-3. */
  public static final String APPLICATION = "M2IB";

  private static final HapiContext CONTEXT = context();
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");

  /**
   * A result with what the message says of it.
   *
   * @param source header of its image
   */
  public record Item(SentenceResult result, boolean withdrawn, DicomObject source) {}

  /**
   * @param version MSH-12
   * @param controlId MSH-10: the same for each attempt to send the same content
   * @param caseId names the case at the receiver (OBR-3)
   * @param again whether the receiver may have an earlier message of the case
   * @param items at least one
   * @return its segments, each ended by a carriage return
   */
  public String of(
      Hl7Version version,
      String controlId,
      UUID caseId,
      boolean again,
      List<Item> items,
      Instant now) {
    try {
      ORU_R01 message = new ORU_R01();
      message.setParser(CONTEXT.getPipeParser());
      message.initQuickstart("ORU", "R01", "P");
      header(message.getMSH(), version, controlId, now);
      Item first = items.get(0);
      ORU_R01_PATIENT patient = message.getPATIENT_RESULT().getPATIENT();
      patient(patient.getPID(), first);
      if (first.result().study().visitNumber() != null) {
        patient.getVISIT().getPV1().getPatientClass().setValue("U");
        patient
            .getVISIT()
            .getPV1()
            .getVisitNumber()
            .getIDNumber()
            .setValue(first.result().study().visitNumber());
      }
      ORU_R01_ORDER_OBSERVATION order = message.getPATIENT_RESULT().getORDER_OBSERVATION();
      request(order.getOBR(), caseId, again, items);
      if (version.hasCommentType()) {
        order.getNTE().getCommentType().getIdentifier().setValue("RE");
      }
      order.getNTE().getComment(0).setValue(notice(first.result()));
      ResultObservations observations = new ResultObservations(order, this::time);
      observations.study(first.result().study().studyInstanceUid());
      for (Item item : items) {
        observations.add(item);
      }
      if (page.isPresent()) {
        observations.link(page.get().replaceFirst("/+$", "") + "/cases/" + caseId);
      }
      return CONTEXT.getPipeParser().encode(message);
    } catch (HL7Exception | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HapiContext context() {
    HapiContext context = new DefaultHapiContext();
    context.setValidationContext(ValidationContextFactory.noValidation());
    // the default generator writes a file to the working directory
    context.getParserConfiguration().setIdGenerator(new UUIDGenerator());
    return context;
  }

  /** A line break would end the segment. */
  static String oneLine(String text) {
    return text == null ? null : StorableText.of(text).replaceAll("\\s+", " ").strip();
  }

  private static String notice(SentenceResult result) {
    return (Notice.AUDIT + " " + result.warning()).strip();
  }

  private void header(MSH msh, Hl7Version version, String controlId, Instant now)
      throws HL7Exception {
    msh.getVersionID().getVersionID().setValue(version.id());
    if (!version.namesStructure()) {
      msh.getMessageType().getMessageStructure().clear();
    }
    msh.getSendingApplication().getNamespaceID().setValue(APPLICATION);
    msh.getSendingFacility().getNamespaceID().setValue(sender.orElse(null));
    msh.getReceivingApplication().getNamespaceID().setValue(application.orElse(null));
    msh.getReceivingFacility().getNamespaceID().setValue(facility.orElse(null));
    msh.getDateTimeOfMessage().getTime().setValue(time(now));
    msh.getMessageControlID().setValue(controlId);
    msh.getCharacterSet(0).setValue("UNICODE UTF-8");
  }

  private String time(Instant instant) {
    return SECONDS.format(instant.atZone(zone));
  }

  private static void patient(PID pid, Item item) throws HL7Exception {
    StudyKey study = item.result().study();
    DicomObject source = item.source();
    if (study.patientId() != null) {
      pid.getPatientIdentifierList(0).getIDNumber().setValue(study.patientId());
      pid.getPatientIdentifierList(0)
          .getAssigningAuthority()
          .getNamespaceID()
          .setValue(study.issuerOfPatientId());
      pid.getPatientIdentifierList(0).getIdentifierTypeCode().setValue("MR");
    }
    // the alphabetic form (PS3.5 6.2.1.2): family, given, middle, prefix, suffix
    String[] name = source.string(Tags.PatientName, "").split("=", 2)[0].split("\\^");
    var xpn = pid.getPatientName(0);
    xpn.getFamilyName().getSurname().setValue(part(name, 0));
    xpn.getGivenName().setValue(part(name, 1));
    xpn.getSecondAndFurtherGivenNamesOrInitialsThereof().setValue(part(name, 2));
    xpn.getPrefixEgDR().setValue(part(name, 3));
    xpn.getSuffixEgJRorIII().setValue(part(name, 4));
    String born = source.string(Tags.PatientBirthDate, "").replaceAll("\\D", "");
    if (born.length() == 8) {
      pid.getDateTimeOfBirth().getTime().setValue(born);
    }
    String sex = source.string(Tags.PatientSex, "");
    if (sex.matches("[FMO]")) { // the same letters in HL7 table 0001
      pid.getAdministrativeSex().setValue(sex);
    }
  }

  private static String part(String[] name, int index) {
    return index < name.length ? oneLine(name[index]) : null;
  }

  private void request(OBR obr, UUID caseId, boolean again, List<Item> items) throws HL7Exception {
    StudyKey study = items.get(0).result().study();
    obr.getSetIDOBR().setValue("1");
    // a number of our own: under the order's, a receiver would file this as the order's report
    obr.getFillerOrderNumber().getEntityIdentifier().setValue(caseId.toString());
    obr.getFillerOrderNumber().getNamespaceID().setValue(APPLICATION);
    code(
        obr.getUniversalServiceIdentifier(),
        "ATTRIBUTION",
        "Image-text attribution of a model",
        ResultFigure.OWN);
    String studyTime = items.get(0).result().image().studyDateTime();
    if (studyTime != null) {
      obr.getObservationDateTime().getTime().setValue(studyTime.replaceAll("[-:T]", ""));
    }
    obr.getPlacerField1().setValue(study.accessionNumber());
    Instant last =
        items.stream()
            .map(item -> item.result().computed())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    obr.getResultsRptStatusChngDateTime().getTime().setValue(time(last));
    boolean none = items.stream().allMatch(Item::withdrawn);
    obr.getResultStatus().setValue(none ? "X" : again ? "C" : "F");
    obr.getObr29_Parent()
        .getPlacerAssignedIdentifier()
        .getEntityIdentifier()
        .setValue(study.orderNumber());
    obr.getObr29_Parent()
        .getFillerAssignedIdentifier()
        .getEntityIdentifier()
        .setValue(items.get(0).result().report().id());
  }

  static void code(CE concept, String code, String meaning, String scheme)
      throws DataTypeException {
    concept.getIdentifier().setValue(code);
    concept.getText().setValue(meaning);
    concept.getNameOfCodingSystem().setValue(scheme);
  }
}
