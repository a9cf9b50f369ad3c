package org.m2ib.results.capture;

import static org.m2ib.dicom.Tags.*;

import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomModule;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds secondary captures of results (PS3.3 A.8.1 and A.8.5): the picture, in a series of its own
 * within the source's study. Everything that varies comes from the result, so the same result gives
 * the same bytes.
 *
 * <p>The caller supplies InstanceNumber: a sentence's number, counted from 1 over the images of the
 * case, image by image, so that it is unique in the series and keeps the report's order.
 */
public final class SecondaryCapture {
  private static final String DEVICE = "m2ib-pacs";

  /** Private coding scheme of the code in DerivationCodeSequence. */
  private static final String CODING_SCHEME = "99M2IB";

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

  /** Whether an object is such a capture: by its series or, where that was changed, by its code. */
  public static boolean isOne(DicomObject header) {
    return header.string(SeriesDescription, "").endsWith(MethodCard.ATTRIBUTION)
        || header.sequence(DerivationCodeSequence).stream()
            .anyMatch(code -> CODING_SCHEME.equals(code.string(CodingSchemeDesignator)));
  }

  /**
   * One result as an RGB capture.
   *
   * @param source the object that contains the image; its pixels are not used
   * @param instanceNumber (0020,0013), from 1
   * @param picture made by {@link HeatmapRenderer}
   */
  public DicomObject of(
      SentenceResult result, DicomObject source, int instanceNumber, BufferedImage picture) {
    DicomObject capture =
        DicomObject.create()
            .set(SOPClassUID, Uids.SECONDARY_CAPTURE)
            .set(SOPInstanceUID, result.key().captureSopInstanceUid())
            .set(ImageComments, CaptureText.longText(result.sentence().text()));
    describe(capture, List.of(result), source, instanceNumber);
    CapturePixels.geometry(capture, source, result.image(), picture.getWidth());
    CapturePixels.set(capture, List.of(picture));
    return capture;
  }

  /**
   * The results of one image as a multi-frame true colour capture, one frame per sentence.
   *
   * @param results from {@link #frames}
   * @param source the object that contains the image; its pixels are not used
   * @param instanceNumber (0020,0013), different from those of the single captures
   * @param pictures made by {@link HeatmapRenderer}, one for each result, all of one width; shorter
   *     ones are extended at the bottom
   * @throws IllegalArgumentException if there are none, the numbers or widths differ, the results
   *     are not of one image, or the frames exceed one object
   */
  public DicomObject ofAll(
      List<SentenceResult> results,
      DicomObject source,
      int instanceNumber,
      List<BufferedImage> pictures) {
    check(results, pictures);
    int frames = results.size();
    DicomObject capture =
        DicomObject.create()
            .set(SOPClassUID, Uids.MULTIFRAME_TRUE_COLOR_SECONDARY_CAPTURE)
            .set(SOPInstanceUID, results.get(0).capture().sopInstanceUid())
            .set(ImageComments, CaptureText.longText(CaptureText.numbered(results)))
            .set(NumberOfFrames, String.valueOf(frames));
    if (frames > 1) { // PS3.3 C.8.6.3 and C.8.6.4: frames follow one another like pages
      capture
          .set(FrameIncrementPointer, PageNumberVector)
          .set(
              PageNumberVector,
              IntStream.rangeClosed(1, frames).mapToObj(String::valueOf).toArray(String[]::new));
    }
    describe(capture, results, source, instanceNumber);
    CapturePixels.geometry(capture, source, results.get(0).image(), pictures.get(0).getWidth());
    CapturePixels.set(capture, pictures);
    return capture;
  }

  private static void check(List<SentenceResult> results, List<BufferedImage> pictures) {
    if (results.isEmpty() || results.size() != pictures.size()) {
      throw new IllegalArgumentException(
          "%d results with %d pictures: each result needs one picture, and there must be one"
              .formatted(results.size(), pictures.size()));
    }
    SentenceResult.Image image = results.get(0).image();
    for (SentenceResult result : results) {
      SentenceResult.Image other = result.image();
      if (!other.sopInstanceUid().equals(image.sopInstanceUid())
          || other.frame() != image.frame()) {
        throw new IllegalArgumentException(
            "results of %s frame %d and of %s frame %d: a multi-frame capture must be of one image"
                .formatted(
                    image.sopInstanceUid(), image.frame(), other.sopInstanceUid(), other.frame()));
      }
    }
  }

  /** The results of one image, each shown by a frame of the same capture, in order. */
  public static List<SentenceResult> frames(List<SentenceResult> results) {
    String[] parts = results.stream().map(r -> r.key().id().toString()).toArray(String[]::new);
    String uid = Uids.of(ResultKey.derive("frames", parts));
    return IntStream.range(0, results.size())
        .mapToObj(
            i ->
                results
                    .get(i)
                    .withCapture(
                        new SentenceResult.Capture(
                            Uids.MULTIFRAME_TRUE_COLOR_SECONDARY_CAPTURE, uid, i + 1)))
        .toList();
  }

  private void describe(
      DicomObject capture, List<SentenceResult> results, DicomObject source, int instanceNumber) {
    SentenceResult first = results.get(0);
    MethodCard method = Methods.card(first.attribution().method());
    Instant last =
        results.stream().map(SentenceResult::computed).max(Instant::compareTo).orElseThrow();
    CaptureTime when = CaptureTime.of(last, source);
    study(capture, source);
    if (when.stated()) {
      capture.set(TimezoneOffsetFromUTC, when.offset());
    }
    capture
        .set(InstanceCreationDate, when.date())
        .set(InstanceCreationTime, when.time())
        .set(Modality, "OT")
        .set(SeriesInstanceUID, first.key().captureSeriesInstanceUid())
        .set(SeriesNumber, String.valueOf(seriesNumber))
        .set(SeriesDate, when.date())
        .set(SeriesDescription, method.attribution())
        .set(InstanceNumber, String.valueOf(instanceNumber))
        .set(ConversionType, "WSD")
        .set(SecondaryCaptureDeviceManufacturer, DEVICE)
        .set(SecondaryCaptureDeviceManufacturerModelName, DEVICE)
        .set(SecondaryCaptureDeviceSoftwareVersions, softwareVersion)
        .set(DateOfSecondaryCapture, when.date())
        .set(TimeOfSecondaryCapture, when.time())
        .set(Manufacturer, DEVICE)
        .set(ManufacturerModelName, DEVICE)
        .set(SoftwareVersions, softwareVersion)
        .set(ContentDate, when.date())
        .set(ContentTime, when.time())
        .set(ImageType, "DERIVED", "SECONDARY")
        .set(BurnedInAnnotation, "YES")
        .set(RecognizableVisualFeatures, "NO")
        .set(DerivationDescription, CaptureText.derivation(results))
        .addCode(
            DerivationCodeSequence, CaptureText.code(method), CODING_SCHEME, method.attribution());
    capture
        .addItem(CodingSchemeIdentificationSequence)
        .set(CodingSchemeDesignator, CODING_SCHEME)
        .set(CodingSchemeName, "m2ib-pacs codes")
        .set(CodingSchemeResponsibleOrganization, DEVICE);
    reference(capture, first.image());
    equipment(capture, source, method, when.dateTime());
  }

  /** Remarks on what a capture of this source leaves out or reads by assumption, without values. */
  public List<String> notes(DicomObject source) {
    DicomObject capture = DicomObject.create();
    study(capture, source);
    capture.copy(source, ContributingEquipmentSequence).copy(source, EQUIPMENT);
    return Stream.of(source.notes(), capture.notes()).flatMap(List::stream).toList();
  }

  private static void study(DicomObject capture, DicomObject source) {
    capture
        .copyModule(source, DicomModule.PATIENT)
        .copyModule(source, DicomModule.STUDY)
        .copyModule(source, DicomModule.PATIENT_STUDY);
    for (int type2 : TYPE_2) {
      if (!capture.has(type2)) {
        capture.set(type2, "");
      }
    }
  }

  private static void reference(DicomObject capture, SentenceResult.Image image) {
    DicomObject reference =
        capture
            .addItem(SourceImageSequence)
            .set(ReferencedSOPClassUID, image.sopClassUid())
            .set(ReferencedSOPInstanceUID, image.sopInstanceUid());
    if (image.numberOfFrames() > 1) {
      reference.set(ReferencedFrameNumber, String.valueOf(image.frame()));
    }
    reference.addCode(
        PurposeOfReferenceCodeSequence,
        "121322",
        "DCM",
        "Source image for image processing operation");
  }

  /** The source's contributing equipment, the source's own equipment, and this service. */
  private void equipment(DicomObject capture, DicomObject source, MethodCard method, String when) {
    capture.copy(source, ContributingEquipmentSequence);
    DicomObject own = DicomObject.create().copy(source, EQUIPMENT);
    if (own.has(Manufacturer)) { // type 1 there
      capture
          .addItem(ContributingEquipmentSequence)
          .copy(own, EQUIPMENT)
          .addCode(PurposeOfReferenceCodeSequence, "109101", "DCM", "Acquisition Equipment");
    }
    capture
        .addItem(ContributingEquipmentSequence)
        .set(Manufacturer, DEVICE)
        .set(ManufacturerModelName, DEVICE)
        .set(SoftwareVersions, softwareVersion)
        .set(ContributionDateTime, when)
        .set(
            ContributionDescription, method.attribution() + " of a model. " + Notice.NOT_DIAGNOSTIC)
        .addCode(PurposeOfReferenceCodeSequence, "109102", "DCM", "Processing Equipment");
  }
}
