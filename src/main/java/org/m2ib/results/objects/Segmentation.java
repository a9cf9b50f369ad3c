package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.CaptureText;
import org.m2ib.results.capture.ObjectHeader;

/**
 * Builds the Segmentation of a result's hot region (PS3.3 A.51): one binary segment whose pixels
 * are those of the source image.
 */
public final class Segmentation {
  private static final Code FAMILY = Code.dcm("123110", "Artificial Intelligence");
  private static final Code CATEGORY = Code.sct("309825002", "Spatial and Relational Concept");
  static final Code HOT_REGION =
      new Code("HOT-REGION", ObjectHeader.CODING_SCHEME, "Hot region of an attribution map");

  /** CIELab of the captures' hottest colour, scaled to 16 bits (PS3.3 C.10.7.1.1). */
  static final int[] ORANGE = {45000, 42000, 46000};

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the segmentations follows it
   * @param softwareVersion of this service
   */
  public Segmentation(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /**
   * @param result with a hot region, see {@link ResultObject#isOf}
   * @param source the object that contains the image; its pixels are not used
   * @param instanceNumber (0020,0013), from 1
   */
  public DicomObject of(SentenceResult result, DicomObject source, int instanceNumber) {
    MethodCard method = Methods.card(result.attribution().method());
    SourceFrame frame = new SourceFrame(source, result.image());
    DicomObject object =
        ResultObject.SEGMENTATION.begin(header, seriesNumber, result, source, instanceNumber);
    frame.listIn(object);
    frame.compression(object);
    frame.orientation(object);
    object
        .set(ImageType, "DERIVED", "PRIMARY")
        .set(ContentLabel, "HOT_REGION")
        .set(ContentDescription, CaptureText.cut(result.sentence().text(), 64))
        .set(ContentCreatorName, "")
        .set(ImageComments, CaptureText.longText(CaptureText.derivation(result)))
        .set(SegmentationType, "BINARY");
    segment(object, result, method);
    pixels(object, HotRegion.of(result), result.image().geometry());
    Dimensions.one(object, result.key().id());
    DicomObject groups = object.addItem(SharedFunctionalGroupsSequence);
    frame.sameGeometry(object, groups);
    frame
        .derivation(object, result, method)
        .sequence(SourceImageSequence)
        .get(0)
        .set(SpatialLocationsPreserved, "YES");
    groups.addItem(SegmentIdentificationSequence).set(ReferencedSegmentNumber, 1);
    return object;
  }

  private static void segment(DicomObject object, SentenceResult result, MethodCard method) {
    DicomObject segment =
        object
            .addItem(SegmentSequence)
            .set(SegmentNumber, 1)
            .set(SegmentLabel, "Hot region")
            .set(
                SegmentDescription,
                CaptureText.cut(Notice.NOT_DIAGNOSTIC + " " + result.sentence().text(), 1024))
            .set(SegmentAlgorithmType, "AUTOMATIC")
            .set(SegmentAlgorithmName, method.attribution())
            .set(RecommendedDisplayCIELabValue, ORANGE)
            .set(TrackingID, MeasurementReport.trackingIdentifier(result))
            .set(TrackingUID, MeasurementReport.trackingUid(result));
    CATEGORY.addTo(segment, SegmentedPropertyCategoryCodeSequence);
    HOT_REGION.addTo(segment, SegmentedPropertyTypeCodeSequence);
    DicomObject algorithm =
        segment
            .addItem(SegmentationAlgorithmIdentificationSequence)
            .set(AlgorithmName, method.attribution())
            .set(AlgorithmVersion, result.model().name() + " " + result.model().version())
            .set(AlgorithmParameters, CaptureText.method(result.attribution()));
    FAMILY.addTo(algorithm, AlgorithmFamilyCodeSequence);
  }

  /** One bit a pixel, the first in the lowest bit (PS3.5 8.1.1, D.1). */
  private static void pixels(DicomObject object, HotRegion region, Geometry geometry) {
    int rows = geometry.sourceRows();
    int columns = geometry.sourceColumns();
    int length = (int) (((long) rows * columns + 7) / 8);
    byte[] bits = new byte[length + (length & 1)];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (region.contains(row, column)) {
          long at = (long) row * columns + column;
          bits[(int) (at / 8)] |= (byte) (1 << at % 8);
        }
      }
    }
    object
        .set(SamplesPerPixel, 1)
        .set(PhotometricInterpretation, "MONOCHROME2")
        .set(NumberOfFrames, "1")
        .set(Rows, rows)
        .set(Columns, columns)
        .set(BitsAllocated, 1)
        .set(BitsStored, 1)
        .set(HighBit, 0)
        .set(PixelRepresentation, 0)
        .set(PixelData, bits);
  }
}
