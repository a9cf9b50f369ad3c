package org.m2ib.results;

import static org.m2ib.dicom.Tags.*;

import java.awt.image.BufferedImage;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.m2ib.dicom.DicomModule;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;

/**
 * Results as secondary captures (PS3.3 A.8.1): the picture, filed in the source's study as a series
 * of its own. All that varies comes from the result, so the same result gives the same bytes.
 */
public final class SecondaryCapture {
  private static final String SERIES_DESCRIPTION = "M2IB attribution";
  private static final String SCHEME = "99M2IB";
  private static final String MANUFACTURER = "m2ib-pacs";
  private static final String NOT_DIAGNOSTIC = "Not for diagnostic use.";
  private static final int LONG_TEXT = 10240;
  private static final int SHORT_TEXT = 1024;

  /** Type 2 attributes of the modules that are copied: there, if empty. */
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

  private final int seriesNumber;
  private final String softwareVersion;

  /**
   * @param seriesNumber (0020,0011)
   * @param softwareVersion of this service
   */
  public SecondaryCapture(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.softwareVersion = softwareVersion;
  }

  /**
   * One result as an RGB capture.
   *
   * @param source the object the image came from; its pixels are not used
   * @param instanceNumber (0020,0013), from 1
   */
  public DicomObject of(
      SentenceResult result, DicomObject source, int instanceNumber, BufferedImage picture) {
    DicomObject capture = DicomObject.create();
    capture
        .set(SOPClassUID, Uids.SECONDARY_CAPTURE)
        .set(SOPInstanceUID, result.key().captureSopInstanceUid());
    describe(capture, result, source, instanceNumber);
    geometry(capture, result, source, picture);
    pixels(capture, picture);
    return capture;
  }

  private void describe(
      DicomObject capture, SentenceResult result, DicomObject source, int instanceNumber) {
    ZonedDateTime computed = result.computed().atZone(ZoneOffset.UTC);
    String date = computed.format(DateTimeFormatter.BASIC_ISO_DATE).substring(0, 8);
    String time = computed.format(DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT));
    capture
        .copyModule(source, DicomModule.PATIENT)
        .copyModule(source, DicomModule.STUDY)
        .copyModule(source, DicomModule.PATIENT_STUDY);
    for (int type2 : TYPE_2) {
      if (!capture.has(type2)) {
        capture.set(type2, "");
      }
    }
    capture
        .set(InstanceCreationDate, date)
        .set(InstanceCreationTime, time)
        .set(TimezoneOffsetFromUTC, "+0000")
        .set(Modality, "OT")
        .set(SeriesInstanceUID, result.key().captureSeriesInstanceUid())
        .set(SeriesNumber, String.valueOf(seriesNumber))
        .set(SeriesDate, date)
        .set(SeriesTime, time)
        .set(SeriesDescription, SERIES_DESCRIPTION)
        .set(InstanceNumber, String.valueOf(instanceNumber))
        .set(ConversionType, "WSD")
        .set(SecondaryCaptureDeviceManufacturer, MANUFACTURER)
        .set(SecondaryCaptureDeviceManufacturerModelName, MANUFACTURER)
        .set(SecondaryCaptureDeviceSoftwareVersions, softwareVersion)
        .set(DateOfSecondaryCapture, date)
        .set(TimeOfSecondaryCapture, time)
        .set(Manufacturer, MANUFACTURER)
        .set(ManufacturerModelName, MANUFACTURER)
        .set(SoftwareVersions, softwareVersion)
        .set(ContentDate, date)
        .set(ContentTime, time)
        .set(ImageType, "DERIVED", "SECONDARY")
        .set(BurnedInAnnotation, "YES")
        .set(RecognizableVisualFeatures, "NO")
        .set(ImageComments, cut(result.sentence().text(), LONG_TEXT))
        .set(DerivationDescription, cut(derivation(result), SHORT_TEXT))
        .addCode(DerivationCodeSequence, "M2IB", SCHEME, "Information bottleneck attribution");
    reference(capture, result, source);
    equipment(capture, source, date + time);
  }

  private static void reference(DicomObject capture, SentenceResult result, DicomObject source) {
    DicomObject reference =
        capture
            .addItem(SourceImageSequence)
            .set(ReferencedSOPClassUID, result.image().sopClassUid())
            .set(ReferencedSOPInstanceUID, result.image().sopInstanceUid());
    if (result.image().numberOfFrames() > 1) {
      reference.set(ReferencedFrameNumber, String.valueOf(result.image().frame()));
    }
    reference.addCode(
        PurposeOfReferenceCodeSequence,
        "121322",
        "DCM",
        "Source image for image processing operation");
  }

  /** The source's contributing equipment, the source's own equipment, and this service. */
  private void equipment(DicomObject capture, DicomObject source, String when) {
    capture.copy(source, ContributingEquipmentSequence);
    if (source.has(Manufacturer)) {
      capture
          .addItem(ContributingEquipmentSequence)
          .copy(source, Manufacturer, InstitutionName, StationName)
          .copy(source, ManufacturerModelName, SoftwareVersions)
          .addCode(PurposeOfReferenceCodeSequence, "109101", "DCM", "Acquisition Equipment");
    }
    capture
        .addItem(ContributingEquipmentSequence)
        .set(Manufacturer, MANUFACTURER)
        .set(ManufacturerModelName, MANUFACTURER)
        .set(SoftwareVersions, softwareVersion)
        .set(ContributionDateTime, when + "+0000")
        .set(ContributionDescription, "M2IB attribution of a model. " + NOT_DIAGNOSTIC)
        .addCode(PurposeOfReferenceCodeSequence, "109102", "DCM", "Processing Equipment");
  }

  private static String derivation(SentenceResult result) {
    var settings = result.attribution().settings();
    String warning = result.model().warning();
    return String.format(
        Locale.ROOT,
        "M2IB attribution (layer %d, beta %s, %d steps, %d samples, seed %s) of model %s for the"
            + " sentence: %s %s%s",
        settings.layer(),
        settings.beta(),
        settings.steps(),
        settings.samples(),
        settings.seed(),
        result.model().name(),
        result.sentence().text(),
        NOT_DIAGNOSTIC,
        warning.isEmpty() ? "" : " " + warning);
  }

  /**
   * What tells where the picture lies in the patient; the caption band below changes none of it.
   */
  private static void geometry(
      DicomObject capture, SentenceResult result, DicomObject source, BufferedImage picture) {
    capture.copy(source, PatientOrientation, Laterality, ImageLaterality);
    if (!capture.has(Laterality) && !capture.has(ImageLaterality)) {
      capture.set(Laterality, ""); // type 2C
    }
    if (!capture.has(PatientOrientation)) {
      capture.set(PatientOrientation, "");
    }
    double scale =
        Math.min(1, picture.getWidth() / (double) result.image().geometry().sourceColumns());
    for (int tag : new int[] {PixelSpacing, ImagerPixelSpacing, NominalScannedPixelSpacing}) {
      double[] spacing = source.doubles(tag);
      if (spacing.length == 2 && spacing[0] > 0 && spacing[1] > 0) {
        capture.set(tag, spacing[0] / scale, spacing[1] / scale);
      }
    }
    if (capture.has(PixelSpacing)) {
      capture.copy(source, PixelSpacingCalibrationType, PixelSpacingCalibrationDescription);
    }
  }

  private static void pixels(DicomObject capture, BufferedImage picture) {
    int rows = picture.getHeight();
    int columns = picture.getWidth();
    byte[] bytes = new byte[rows * columns * 3 + (rows * columns & 1)];
    int at = 0;
    for (int rgb : picture.getRGB(0, 0, columns, rows, null, 0, columns)) {
      bytes[at++] = (byte) (rgb >> 16);
      bytes[at++] = (byte) (rgb >> 8);
      bytes[at++] = (byte) rgb;
    }
    capture
        .set(SamplesPerPixel, 3)
        .set(PhotometricInterpretation, "RGB")
        .set(PlanarConfiguration, 0)
        .set(Rows, rows)
        .set(Columns, columns)
        .set(BitsAllocated, 8)
        .set(BitsStored, 8)
        .set(HighBit, 7)
        .set(PixelRepresentation, 0)
        .set(PixelData, bytes);
  }

  /** At most so many characters, never half of one. */
  private static String cut(String text, int characters) {
    String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
    if (clean.codePointCount(0, clean.length()) <= characters) {
      return clean;
    }
    return clean.substring(0, clean.offsetByCodePoints(0, characters - 1)) + "\u2026";
  }
}
