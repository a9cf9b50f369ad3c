package org.m2ib.results.capture;

import static org.m2ib.dicom.Tags.*;

import java.util.List;
import java.util.stream.Stream;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomModule;
import org.m2ib.dicom.DicomObject;
import org.m2ib.results.ResultFigure;

/**
 * What every object of this service has: patient and study of its source (PS3.3 C.7.1.1, C.7.2.1,
 * C.7.2.2), this service as equipment (C.7.5.1), its time, and the private coding scheme by which
 * the service knows its own objects again (C.12.1.1.7).
 */
public final class ObjectHeader {
  public static final String DEVICE = "m2ib-pacs";

  /** Private coding scheme. */
  public static final String CODING_SCHEME = ResultFigure.OWN;

  /** Type 2 attributes of the copied modules: present, even if empty. */
  private static final int[] TYPE_2 = {
    PatientName,
    PatientID,
    PatientBirthDate,
    PatientSex,
    StudyDate,
    StudyTime,
    StudyID,
    AccessionNumber,
    ReferringPhysicianName
  };

  private static final int[] EQUIPMENT = {
    Manufacturer,
    InstitutionName,
    StationName,
    ManufacturerModelName,
    DeviceSerialNumber,
    SoftwareVersions
  };

  private final String softwareVersion;

  /**
   * @param softwareVersion of this service
   */
  public ObjectHeader(String softwareVersion) {
    this.softwareVersion = softwareVersion;
  }

  /** Whether an object names the private coding scheme as its own. */
  static boolean isIn(DicomObject header) {
    return Stream.of(CodingSchemeIdentificationSequence, DerivationCodeSequence)
        .flatMap(sequence -> header.sequence(sequence).stream())
        .anyMatch(item -> CODING_SCHEME.equals(item.string(CodingSchemeDesignator)));
  }

  public String softwareVersion() {
    return softwareVersion;
  }

  /**
   * @param contribution what this service made
   */
  public void write(DicomObject object, DicomObject source, ObjectTime when, String contribution) {
    study(object, source);
    if (when.stated()) {
      object.set(TimezoneOffsetFromUTC, when.offset());
    }
    object
        .set(InstanceCreationDate, when.date())
        .set(InstanceCreationTime, when.time())
        .set(Manufacturer, DEVICE)
        .set(ManufacturerModelName, DEVICE)
        .set(SoftwareVersions, softwareVersion)
        .set(ContentDate, when.date())
        .set(ContentTime, when.time());
    object
        .addItem(CodingSchemeIdentificationSequence)
        .set(CodingSchemeDesignator, CODING_SCHEME)
        .set(CodingSchemeName, "m2ib-pacs codes")
        .set(CodingSchemeResponsibleOrganization, DEVICE);
    equipment(object, source, contribution, when.dateTime());
  }

  private static void study(DicomObject object, DicomObject source) {
    object
        .copyModule(source, DicomModule.PATIENT)
        .copyModule(source, DicomModule.STUDY)
        .copyModule(source, DicomModule.PATIENT_STUDY);
    for (int type2 : TYPE_2) {
      if (!object.has(type2)) {
        object.set(type2, "");
      }
    }
  }

  /** Remarks on what an object of this source leaves out or reads by assumption, without values. */
  static List<String> notes(DicomObject source) {
    DicomObject object = DicomObject.create();
    study(object, source);
    object.copy(source, ContributingEquipmentSequence).copy(source, EQUIPMENT);
    return Stream.of(source.notes(), object.notes()).flatMap(List::stream).toList();
  }

  /** The source's contributing equipment, the source's own equipment, and this service. */
  private void equipment(DicomObject object, DicomObject source, String contribution, String when) {
    object.copy(source, ContributingEquipmentSequence);
    DicomObject own = DicomObject.create().copy(source, EQUIPMENT);
    if (own.has(Manufacturer)) { // type 1 there
      object
          .addItem(ContributingEquipmentSequence)
          .copy(own, EQUIPMENT)
          .addCode(PurposeOfReferenceCodeSequence, "109101", "DCM", "Acquisition Equipment");
    }
    object
        .addItem(ContributingEquipmentSequence)
        .set(Manufacturer, DEVICE)
        .set(ManufacturerModelName, DEVICE)
        .set(SoftwareVersions, softwareVersion)
        .set(ContributionDateTime, when)
        .set(ContributionDescription, contribution + " " + Notice.NOT_DIAGNOSTIC)
        .addCode(PurposeOfReferenceCodeSequence, "109102", "DCM", "Processing Equipment");
  }
}
