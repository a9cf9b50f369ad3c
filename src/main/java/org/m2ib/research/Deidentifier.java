package org.m2ib.research;

import static org.m2ib.dicom.Tags.*;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.m2ib.dicom.DicomObject;

/**
 * De-identifies images by the Basic Application Level Confidentiality Profile (PS3.15 E.1) with the
 * options Retain Longitudinal Temporal Information with Modified Dates and Retain Patient
 * Characteristics (sex and age). It copies a list of elements that are needed to show the image,
 * and nothing else, so that elements which it does not know are gone. Pixels are not cleaned.
 */
public final class Deidentifier {
  private static final int[] KEPT = {
    SOPClassUID,
    Modality,
    ConversionType,
    ImageType,
    PresentationIntentType,
    PatientOrientation,
    Laterality,
    ImageLaterality,
    ViewPosition,
    BodyPartExamined,
    PatientSex,
    SeriesNumber,
    InstanceNumber,
    SamplesPerPixel,
    PhotometricInterpretation,
    PlanarConfiguration,
    NumberOfFrames,
    Rows,
    Columns,
    BitsAllocated,
    BitsStored,
    HighBit,
    PixelRepresentation,
    SmallestImagePixelValue,
    LargestImagePixelValue,
    PixelAspectRatio,
    PixelSpacing,
    ImagerPixelSpacing,
    NominalScannedPixelSpacing,
    PixelIntensityRelationship,
    PixelIntensityRelationshipSign,
    RedPaletteColorLookupTableDescriptor,
    GreenPaletteColorLookupTableDescriptor,
    BluePaletteColorLookupTableDescriptor,
    RedPaletteColorLookupTableData,
    GreenPaletteColorLookupTableData,
    BluePaletteColorLookupTableData,
    RescaleIntercept,
    RescaleSlope,
    WindowCenter,
    WindowWidth,
    VOILUTFunction,
    PresentationLUTShape,
    LossyImageCompression,
    LossyImageCompressionRatio,
    LossyImageCompressionMethod
  };

  /**
   * What a coded value (VR CS) may be: others are words that a person or a program wrote. Of an
   * image type only these values are kept.
   */
  private static final Map<Integer, Pattern> CODED =
      Map.ofEntries(
          coded(Modality, "[A-Z]{2}|RTIMAGE|OPT|OCT|IVUS|IVOCT"),
          coded(ConversionType, "DV|DI|DF|WSD|SD|SI|DRW|SYN"),
          coded(
              ImageType,
              "ORIGINAL|DERIVED|PRIMARY|SECONDARY|AXIAL|LOCALIZER|MPR|PROJECTION IMAGE|SINGLE PLANE"
                  + "|BIPLANE A|BIPLANE B|VOLUME|NONE|M|P|M_SE|M_FFE|MIXED"),
          coded(PresentationIntentType, "FOR PRESENTATION|FOR PROCESSING"),
          coded(PatientOrientation, "[ALHRPF]{1,3}"),
          coded(Laterality, "[RL]"),
          coded(ImageLaterality, "[RLUB]"),
          coded(ViewPosition, "[A-Z]{2,3}|LATERAL"),
          coded(
              BodyPartExamined,
              "ABDOMEN|ANKLE|AORTA|ARM|BLADDER|BRAIN|BREAST|BRONCHUS|CALCANEUS|CAROTID|CHEST"
                  + "|CHESTABDOMEN|CHESTABDPELVIS|CHESTABDOMENPELVIS|CLAVICLE|COCCYX|COLON|CSPINE"
                  + "|EAR|ELBOW|ESOPHAGUS|EXTREMITY|EYE|FEMUR|FINGER|FOOT|FOREARM|HAND|HEAD"
                  + "|HEADNECK|HEART|HIP|HUMERUS|JAW|KIDNEY|KNEE|LEG|LIVER|LSPINE|LUNG|MANDIBLE"
                  + "|MAXILLA|NECK|NOSE|ORBIT|PANCREAS|PATELLA|PELVIS|PROSTATE|RIB|SACRUM|SCAPULA"
                  + "|SHOULDER|SKULL|SPINE|SPLEEN|SSPINE|STERNUM|STOMACH|TIBIA|TOE|TSPINE|UTERUS"
                  + "|WHOLEBODY|WRIST|THORAX"),
          coded(PatientSex, "[MFO]"),
          coded(PhotometricInterpretation, "[A-Z]+[12]?|PALETTE COLOR|YBR_[A-Z0-9_]+"),
          coded(PixelIntensityRelationship, "LIN|LOG|DISP"),
          coded(VOILUTFunction, "LINEAR|LINEAR_EXACT|SIGMOID"),
          coded(PresentationLUTShape, "IDENTITY|INVERSE"),
          coded(LossyImageCompression, "00|01"),
          coded(LossyImageCompressionMethod, "ISO_[0-9]+_[0-9]+"));

  private static Map.Entry<Integer, Pattern> coded(int tag, String values) {
    return Map.entry(tag, Pattern.compile(values));
  }

  /** Present, even if empty. */
  private static final int[] TYPE_2 = {SeriesNumber, InstanceNumber, Manufacturer};

  /** Items of these are copied without their explanations, which are free text. */
  private static final int[] LOOKUP_TABLES = {ModalityLUTSequence, VOILUTSequence};

  private static final int[] OF_TABLE = {LUTDescriptor, LUTData};

  /** Of RescaleType and ModalityLUTType, which are free text: units are not said. */
  private static final String UNSPECIFIED = "US";

  /** Older people are few enough to be recognised by their age (HIPAA 164.514(b)(2)(i)(C)). */
  private static final int OLDEST = 89;

  private final Pseudonyms pseudonyms;
  private final String softwareVersion;

  public Deidentifier(Pseudonyms pseudonyms, String softwareVersion) {
    this.pseudonyms = pseudonyms;
    this.softwareVersion = softwareVersion;
  }

  /** An image that cannot be exported; the message says why, without a value. */
  public static final class NotExportedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotExportedException(String message) {
      super(message);
    }
  }

  /**
   * @param image with pixels, decoded
   * @return a new object; no text of the source but coded values is in it
   * @throws NotExportedException if the image says that identity is burned into it, or keeps what
   *     is needed to show it in functional groups
   */
  public DicomObject of(DicomObject image) throws NotExportedException {
    if ("YES".equals(image.string(BurnedInAnnotation))) {
      throw new NotExportedException("BurnedInAnnotation (0028,0301) is YES");
    }
    if ("YES".equals(image.string(RecognizableVisualFeatures))) {
      throw new NotExportedException("RecognizableVisualFeatures (0028,0302) is YES");
    }
    if (image.has(SharedFunctionalGroupsSequence) || image.has(PerFrameFunctionalGroupsSequence)) {
      throw new NotExportedException("images with functional groups are not supported");
    }
    DicomObject out = DicomObject.create();
    out.copy(image, KEPT);
    CODED.forEach((tag, values) -> keep(out, tag, values));
    for (int tag : TYPE_2) {
      if (!out.has(tag)) {
        out.set(tag, "");
      }
    }
    if (!image.has(BodyPartExamined) && !out.has(ImageLaterality) && !out.has(Laterality)) {
      out.set(Laterality, ""); // whether the part is one of a pair is not known
    }
    for (int sequence : LOOKUP_TABLES) {
      for (DicomObject item : image.sequence(sequence)) {
        DicomObject table = out.addItem(sequence).copy(item, OF_TABLE);
        if (sequence == ModalityLUTSequence) {
          table.set(ModalityLUTType, UNSPECIFIED);
        }
      }
    }
    if (out.has(RescaleSlope)) {
      out.set(RescaleType, UNSPECIFIED);
    }
    out.set(SOPInstanceUID, pseudonyms.uid(image.requiredString(SOPInstanceUID)));
    out.set(SeriesInstanceUID, pseudonyms.uid(image.requiredString(SeriesInstanceUID)));
    out.set(StudyInstanceUID, pseudonyms.uid(image.requiredString(StudyInstanceUID)));
    patient(image, out);
    out.set(PatientIdentityRemoved, "YES");
    out.set(LongitudinalTemporalInformationModified, "MODIFIED");
    out.set(DeidentificationMethod, "m2ib-pacs " + softwareVersion, "pixels not cleaned");
    method(out, "113100", "Basic Application Confidentiality Profile");
    method(out, "113107", "Retain Longitudinal Temporal Information Modified Dates Option");
    method(out, "113108", "Retain Patient Characteristics Option");
    return out.set(PixelData, image.littleEndian(PixelData));
  }

  private static void keep(DicomObject out, int tag, Pattern values) {
    List<String> stated = out.has(tag) ? out.strings(tag) : List.of();
    List<String> kept =
        stated.stream()
            .filter(value -> value != null && values.matcher(value.strip()).matches())
            .toList();
    if (kept.size() < stated.size()) {
      if (kept.isEmpty() || tag != ImageType) {
        out.remove(tag);
      } else {
        out.set(tag, kept.toArray(String[]::new));
      }
    }
  }

  private static void method(DicomObject out, String code, String meaning) {
    out.addCode(DeidentificationMethodCodeSequence, code, "DCM", meaning);
  }

  private void patient(DicomObject image, DicomObject out) {
    // without an identifier each study is a patient of its own
    String patient = image.string(PatientID, image.string(StudyInstanceUID));
    String pseudonym = pseudonyms.name("patient", patient);
    out.set(PatientName, pseudonym).set(PatientID, pseudonym).set(PatientBirthDate, "");
    out.set(PatientAge, age(image.string(PatientAge, "")));
    out.set(StudyDate, shifted(image.string(StudyDate, ""), pseudonyms.days(patient)));
    for (int empty : new int[] {StudyTime, StudyID, AccessionNumber, ReferringPhysicianName}) {
      out.set(empty, "");
    }
  }

  private static String age(String age) {
    if (!age.matches("\\d{3}[DWMY]")) {
      return "";
    }
    return age.endsWith("Y") && Integer.parseInt(age.substring(0, 3)) > OLDEST ? "090Y" : age;
  }

  private static String shifted(String date, int days) {
    try {
      return LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE)
          .minusDays(days)
          .format(DateTimeFormatter.BASIC_ISO_DATE);
    } catch (DateTimeException e) {
      return "";
    }
  }
}
