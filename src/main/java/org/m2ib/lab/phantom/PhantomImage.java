package org.m2ib.lab.phantom;

import static org.m2ib.dicom.Tags.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Collectors;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.Uids;

/**
 * A phantom as a Digital X-Ray Image For Presentation (PS3.3 A.26): 12 bits stored in 16, PA, with
 * the masks of its findings as overlay planes. The same phantom and encoding give the same bytes.
 */
public final class PhantomImage {
  /**
   * Stored values of black and white, before any inversion: a detector's range is never filled.
   * They are evenly spaced at an odd distance, so that no grey is half way between two of 256
   * levels and all encodings round alike.
   */
  private static final int BLACK = 300;

  private static final int WHITE = 3795;
  private static final int MAXIMUM = 4095;

  /** Edge of the field of view, mm: a large cassette's short one. */
  private static final double FIELD = 350;

  private PhantomImage() {}

  public static DicomObject of(Phantom phantom, Encoding encoding) {
    DicomObject image = DicomObject.create();
    patientAndStudy(image, new PhantomIdentity(phantom.seed()));
    series(image, phantom, encoding);
    acquisition(image, phantom.size());
    pixels(image, phantom, encoding);
    valuesOfInterest(image, encoding);
    OverlayPlanes.write(image, FindingPlanes.of(phantom));
    return image;
  }

  private static void patientAndStudy(DicomObject image, PhantomIdentity identity) {
    image
        .set(PatientName, identity.patientName())
        .set(PatientID, identity.patientId())
        .set(PatientBirthDate, "19700101")
        .set(PatientSex, "O")
        .set(PatientComments, PhantomIdentity.NOTICE)
        .set(StudyInstanceUID, identity.studyInstanceUid())
        .set(StudyDate, PhantomIdentity.STUDY_DATE)
        .set(StudyTime, PhantomIdentity.STUDY_TIME)
        .set(StudyID, "1")
        .set(StudyDescription, "Chest PA, " + PhantomIdentity.NOTICE)
        .set(AccessionNumber, identity.accessionNumber())
        .set(ReferringPhysicianName, "")
        .set(SeriesInstanceUID, identity.seriesInstanceUid());
  }

  private static void series(DicomObject image, Phantom phantom, Encoding encoding) {
    String findings =
        phantom.findings().stream()
            .map(located -> FindingPlanes.description(located.finding()))
            .collect(Collectors.joining(" "));
    image
        .set(SOPClassUID, Uids.DIGITAL_XRAY_FOR_PRESENTATION)
        .set(
            SOPInstanceUID,
            new PhantomIdentity(phantom.seed()).sopInstanceUid(encoding + " " + findings))
        .set(Modality, "DX")
        .set(PresentationIntentType, "FOR PRESENTATION")
        .set(SeriesNumber, "1")
        .set(SeriesDescription, PhantomIdentity.NOTICE)
        .set(Manufacturer, "m2ib-pacs")
        .set(ManufacturerModelName, "phantom generator")
        .set(InstanceNumber, "1")
        .set(ImageType, "ORIGINAL", "PRIMARY", "")
        .set(ContentDate, PhantomIdentity.STUDY_DATE)
        .set(ContentTime, PhantomIdentity.STUDY_TIME)
        .set(ImageComments, PhantomIdentity.NOTICE + ". " + Notice.NOT_DIAGNOSTIC);
  }

  /** Anatomy, detector and positioning (PS3.3 C.8.11.2, C.8.11.4, C.8.11.5). */
  private static void acquisition(DicomObject image, int size) {
    String spacing = String.valueOf(FIELD / size);
    image
        .set(BodyPartExamined, "CHEST")
        .set(ImageLaterality, "U")
        .addCode(AnatomicRegionSequence, "51185008", "SCT", "Chest")
        .set(ViewPosition, "PA")
        .addCode(ViewCodeSequence, "272479007", "SCT", "postero-anterior")
        .set(PatientOrientation, "L", "F")
        .set(AcquisitionContextSequence, "")
        .set(PositionerType, "NONE")
        .set(DetectorType, "")
        .set(ImagerPixelSpacing, spacing, spacing)
        .set(PixelSpacing, spacing, spacing);
  }

  private static void pixels(DicomObject image, Phantom phantom, Encoding encoding) {
    ByteBuffer stored =
        ByteBuffer.allocate(2 * phantom.pixels().length).order(ByteOrder.LITTLE_ENDIAN);
    for (float pixel : phantom.pixels()) {
      int value = BLACK + Math.round(pixel * (WHITE - BLACK));
      stored.putShort((short) (encoding.inverted() ? MAXIMUM - value : value));
    }
    image
        .set(SamplesPerPixel, 1)
        .set(PhotometricInterpretation, encoding.photometricInterpretation())
        .set(Rows, phantom.size())
        .set(Columns, phantom.size())
        .set(BitsAllocated, 16)
        .set(BitsStored, 12)
        .set(HighBit, 11)
        .set(PixelRepresentation, 0)
        .set(PixelIntensityRelationship, "LOG")
        // C.8.11.3.1.2: -1 if greater values mean less intensity, that is dense tissue
        .set(PixelIntensityRelationshipSign, encoding.inverted() ? 1 : -1)
        .set(RescaleIntercept, "0")
        .set(RescaleSlope, "1")
        .set(RescaleType, "US")
        .set(PresentationLUTShape, encoding.inverted() ? "INVERSE" : "IDENTITY")
        .set(LossyImageCompression, "00")
        .set(BurnedInAnnotation, "NO")
        .set(PixelData, stored.array());
  }

  /** BLACK to 0 and WHITE to 1, by a window (PS3.3 C.11.2.1.2.1) or a table (C.11.2.1.1). */
  private static void valuesOfInterest(DicomObject image, Encoding encoding) {
    int steps = WHITE - BLACK;
    if (encoding.windowed()) {
      image
          .set(WindowCenter, String.valueOf(BLACK + steps / 2.0 + 0.5))
          .set(WindowWidth, String.valueOf(steps + 1));
      return;
    }
    ByteBuffer table = ByteBuffer.allocate(2 * (steps + 1)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i <= steps; i++) {
      table.putShort((short) Math.round(i * 65535.0 / steps));
    }
    image
        .addItem(VOILUTSequence)
        .set(LUTDescriptor, steps + 1, BLACK, 16)
        .set(LUTExplanation, "phantom")
        .set(LUTData, table.array());
  }
}
