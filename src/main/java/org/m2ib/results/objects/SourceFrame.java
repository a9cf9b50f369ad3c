package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import org.m2ib.attribution.MethodCard;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Uids;
import org.m2ib.imaging.PixelShape;
import org.m2ib.imaging.PlaneGeometry;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.CaptureText;
import org.m2ib.results.capture.ObjectHeader;

/**
 * The frame that a result is of, and what an object derived from it says about it in its functional
 * groups (PS3.3 C.7.6.16.2).
 */
final class SourceFrame {
  private static final Code PURPOSE =
      Code.dcm("121322", "Source image for image processing operation");
  private static final Code THORAX = Code.sct("51185008", "Thorax");
  private static final Code BODY = Code.sct("38266002", "Entire body");

  private final DicomObject source;
  private final SentenceResult.Image image;

  SourceFrame(DicomObject source, SentenceResult.Image image) {
    this.source = source;
    this.image = image;
  }

  /** The whole object, or its frame if it has several. */
  ObjectReference reference() {
    return new ObjectReference(
        image.seriesInstanceUid(),
        image.sopClassUid(),
        image.sopInstanceUid(),
        image.numberOfFrames() > 1 ? image.frame() : null);
  }

  /** Millimetres between rows and columns; null if not given. */
  double[] spacing() {
    return PixelShape.spacing(source, image.frame());
  }

  /** The plane in the patient; null if not given. */
  private PlaneGeometry given() {
    return source.has(FrameOfReferenceUID) ? PlaneGeometry.of(source, image.frame()) : null;
  }

  /**
   * The source's frame of reference if the plane in it is known, else one of the image's own (PS3.3
   * C.7.4.1).
   */
  void frameOfReference(DicomObject object) {
    String uid =
        given() != null
            ? source.string(FrameOfReferenceUID)
            : Uids.of(ResultKey.derive("frame of reference", image.sopInstanceUid()));
    object.set(FrameOfReferenceUID, uid).set(PositionReferenceIndicator, "");
  }

  /**
   * Plane Position and Plane Orientation, C.7.6.16.2.3 and C.7.6.16.2.4. A projection's plane is
   * that of its own frame of reference, whose origin is the centre of its first pixel, with the
   * axes that PatientOrientation states.
   *
   * @param alongRow millimetres from the centre of the source's first pixel
   * @param alongColumn millimetres from it
   */
  void plane(DicomObject groups, double alongRow, double alongColumn) {
    PlaneGeometry plane = given();
    if (plane == null) {
      plane = PlaneGeometry.ofProjection(image.patientOrientation());
    }
    groups
        .addItem(PlanePositionSequence)
        .set(ImagePositionPatient, plane.at(alongRow, alongColumn));
    groups.addItem(PlaneOrientationSequence).set(ImageOrientationPatient, plane.orientation());
  }

  /**
   * Frame of reference, Pixel Measures, Plane Position and Orientation of an object with the
   * source's own pixels. If the source does not state all of them, there are none: the object then
   * belongs to the source's pixels by its Derivation Image alone (A.51.5.1).
   */
  void sameGeometry(DicomObject object, DicomObject groups) {
    double[] spacing = spacing();
    double[] thickness = PixelShape.sliceThickness(source, image.frame());
    if (given() == null || spacing == null || thickness == null) {
      return;
    }
    frameOfReference(object);
    groups.addItem(PixelMeasuresSequence).set(PixelSpacing, spacing).set(SliceThickness, thickness);
    plane(groups, 0, 0);
  }

  /** Frame Anatomy, C.7.6.16.2.8. */
  void anatomy(DicomObject groups) {
    DicomObject side = DicomObject.create().copy(source, ImageLaterality, Laterality);
    DicomObject anatomy =
        groups
            .addItem(FrameAnatomySequence)
            .set(FrameLaterality, side.string(ImageLaterality, side.string(Laterality, "U")));
    anatomy.copy(source, AnatomicRegionSequence);
    if (anatomy.sequence(AnatomicRegionSequence).size() != 1) {
      anatomy.remove(AnatomicRegionSequence);
      boolean chest = source.string(BodyPartExamined, "").equals("CHEST");
      (chest ? THORAX : BODY).addTo(anatomy, AnatomicRegionSequence);
    }
  }

  /** Derivation Image, C.7.6.16.2.6, of the only frame: viewers look for it there alone. */
  DicomObject derivation(DicomObject object, SentenceResult result, MethodCard method) {
    DicomObject derivation =
        object
            .sequence(PerFrameFunctionalGroupsSequence)
            .get(0)
            .addItem(DerivationImageSequence)
            .set(DerivationDescription, CaptureText.derivation(result));
    derivation.addCode(
        DerivationCodeSequence,
        CaptureText.code(method),
        ObjectHeader.CODING_SCHEME,
        method.attribution());
    DicomObject item = derivation.addItem(SourceImageSequence);
    reference().writeTo(item);
    PURPOSE.addTo(item, PurposeOfReferenceCodeSequence);
    return derivation;
  }

  /** Common Instance Reference, C.12.2. */
  void listIn(DicomObject object) {
    DicomObject series =
        object.addItem(ReferencedSeriesSequence).set(SeriesInstanceUID, image.seriesInstanceUid());
    series
        .addItem(ReferencedInstanceSequence)
        .set(ReferencedSOPClassUID, image.sopClassUid())
        .set(ReferencedSOPInstanceUID, image.sopInstanceUid());
  }

  /** PatientOrientation, type 2C (C.7.6.1). */
  void orientation(DicomObject object) {
    object.copy(source, PatientOrientation);
    if (!object.has(PatientOrientation)) {
      object.set(PatientOrientation, "");
    }
  }

  /** What an image loses when it is compressed once stays lost (C.7.6.1.1.5). */
  void compression(DicomObject object) {
    object.copy(source, LossyImageCompression);
    if (object.string(LossyImageCompression, "00").equals("01")) {
      object.copy(source, LossyImageCompressionRatio, LossyImageCompressionMethod);
    } else {
      object.set(LossyImageCompression, "00");
    }
  }
}
