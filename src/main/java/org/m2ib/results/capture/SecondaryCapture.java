package org.m2ib.results.capture;

import static org.m2ib.dicom.Tags.*;

import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
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
  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011)
   * @param softwareVersion of this service
   */
  public SecondaryCapture(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * Whether this service made an object, of whatever kind: by its coding scheme or, where an
   * archive has removed that, by its series.
   */
  public static boolean isOne(DicomObject header) {
    return header.string(SeriesDescription, "").endsWith(MethodCard.ATTRIBUTION)
        || ObjectHeader.isIn(header);
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
            .set(SOPInstanceUID, result.capture().sopInstanceUid())
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
    String[] parts = results.stream().map(SecondaryCapture::shown).toArray(String[]::new);
    String uid = Uids.of(ResultKey.derive("frames", parts));
    return IntStream.range(0, results.size())
        .mapToObj(
            i ->
                results
                    .get(i)
                    .withCapture(
                        new SentenceResult.Capture(
                            Uids.MULTIFRAME_TRUE_COLOR_SECONDARY_CAPTURE,
                            uid,
                            i + 1,
                            results.get(i).capture().rejected(),
                            results.get(i).capture().groups())))
        .toList();
  }

  private static String shown(SentenceResult result) {
    String id = result.key().id().toString();
    int edition = result.capture().edition();
    return edition == 0 ? id : id + "/" + edition;
  }

  private void describe(
      DicomObject capture, List<SentenceResult> results, DicomObject source, int instanceNumber) {
    SentenceResult first = results.get(0);
    MethodCard method = Methods.card(first.attribution().method());
    Instant last =
        results.stream().map(SentenceResult::computed).max(Instant::compareTo).orElseThrow();
    ObjectTime when = ObjectTime.of(last, source);
    header.write(capture, source, when, method.attribution() + " of a model.");
    capture
        .set(Modality, "OT")
        .set(SeriesInstanceUID, first.key().captureSeriesInstanceUid())
        .set(SeriesNumber, String.valueOf(seriesNumber))
        .set(SeriesDate, when.date())
        .set(SeriesDescription, method.attribution())
        .set(InstanceNumber, String.valueOf(instanceNumber))
        .set(ConversionType, "WSD")
        .set(SecondaryCaptureDeviceManufacturer, ObjectHeader.DEVICE)
        .set(SecondaryCaptureDeviceManufacturerModelName, ObjectHeader.DEVICE)
        .set(SecondaryCaptureDeviceSoftwareVersions, header.softwareVersion())
        .set(DateOfSecondaryCapture, when.date())
        .set(TimeOfSecondaryCapture, when.time())
        .set(ImageType, "DERIVED", "SECONDARY")
        .set(BurnedInAnnotation, "YES")
        .set(RecognizableVisualFeatures, "NO")
        .set(DerivationDescription, CaptureText.derivation(results))
        .addCode(
            DerivationCodeSequence,
            CaptureText.code(method),
            ObjectHeader.CODING_SCHEME,
            method.attribution());
    reference(capture, first.image());
  }

  /** Remarks on what a capture of this source leaves out or reads by assumption, without values. */
  public List<String> notes(DicomObject source) {
    return ObjectHeader.notes(source);
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
}
