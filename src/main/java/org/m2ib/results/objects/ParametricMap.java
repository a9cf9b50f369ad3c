package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.CaptureText;
import org.m2ib.results.capture.ObjectHeader;

/**
 * Builds the Parametric Map of a result (PS3.3 A.75): the map itself, one pixel for each patch of
 * the model's grid, as float32 in the unit of its method. Where the source states its spacing, that
 * of the patches follows from it; where it states its plane in the patient, so does theirs.
 */
public final class ParametricMap {
  private static final String[] IMAGE_TYPE = {"DERIVED", "PRIMARY", "STATIC", "QUANTITY"};
  private static final Code QUANTITY = Code.sct("246205007", "Quantity");
  private static final Code BIT = Code.ucum("bit", "bit");
  private static final Code ARBITRARY = Code.ucum("[arb'U]", "arbitrary unit");

  private final int seriesNumber;
  private final ObjectHeader header;

  /**
   * @param seriesNumber (0020,0011) of the captures; that of the maps follows it
   * @param softwareVersion of this service
   */
  public ParametricMap(int seriesNumber, String softwareVersion) {
    this.seriesNumber = seriesNumber;
    this.header = new ObjectHeader(softwareVersion);
  }

  /** The unit of a method's maps. */
  static Code unit(MethodCard method) {
    return method.unit().equals(MethodCard.ARBITRARY) ? ARBITRARY : BIT;
  }

  /**
   * @param source the object that contains the image; its pixels are not used
   * @param instanceNumber (0020,0013), from 1
   */
  public DicomObject of(SentenceResult result, DicomObject source, int instanceNumber) {
    MethodCard method = Methods.card(result.attribution().method());
    SourceFrame frame = new SourceFrame(source, result.image());
    DicomObject map =
        ResultObject.PARAMETRIC_MAP.begin(header, seriesNumber, result, source, instanceNumber);
    frame.frameOfReference(map);
    frame.compression(map);
    frame.listIn(map);
    map.set(ImageType, IMAGE_TYPE)
        .set(ContentLabel, "ATTRIBUTION")
        .set(ContentDescription, CaptureText.cut(result.sentence().text(), 64))
        .set(ContentCreatorName, "")
        .set(AcquisitionContextSequence, "")
        .set(ImageComments, CaptureText.longText(comment(result)))
        .set(ContentQualification, "RESEARCH")
        .set(BurnedInAnnotation, "NO")
        .set(RecognizableVisualFeatures, "NO")
        .set(PresentationLUTShape, "IDENTITY");
    pixels(map, result.attribution());
    Dimensions.one(map, result.key().id());
    DicomObject groups = map.addItem(SharedFunctionalGroupsSequence);
    groups.addItem(ParametricMapFrameTypeSequence).set(FrameType, IMAGE_TYPE);
    measures(groups, frame, result);
    frame.anatomy(groups);
    frame.derivation(map, result, method);
    values(groups, result.attribution().map(), method);
    return map;
  }

  /** The sentence, and where the grid lies in the source's matrix: projections have no plane. */
  private static String comment(SentenceResult result) {
    Geometry g = result.image().geometry();
    return "The map covers columns %.2f to %.2f and rows %.2f to %.2f of the source image. %s"
        .formatted(
            g.sourceX(0),
            g.sourceX(g.inputColumns()),
            g.sourceY(0),
            g.sourceY(g.inputRows()),
            CaptureText.derivation(result));
  }

  private static void pixels(DicomObject map, Attribution attribution) {
    int rows = attribution.rows();
    int columns = attribution.columns();
    ByteBuffer bytes = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
    for (double[] row : attribution.map()) {
      for (double value : row) {
        bytes.putFloat((float) value);
      }
    }
    map.set(SamplesPerPixel, 1)
        .set(PhotometricInterpretation, "MONOCHROME2")
        .set(NumberOfFrames, "1")
        .set(Rows, rows)
        .set(Columns, columns)
        .set(BitsAllocated, 32)
        .set(FloatPixelData, bytes.array());
  }

  /** Pixel Measures, Plane Position and Plane Orientation, of patches. */
  private static void measures(DicomObject groups, SourceFrame frame, SentenceResult result) {
    DicomObject measures = groups.addItem(PixelMeasuresSequence);
    double[] spacing = frame.spacing();
    if (spacing == null) {
      frame.plane(groups, 0, 0);
      return;
    }
    Geometry g = result.image().geometry();
    double width = g.inputColumns() / (double) result.attribution().columns();
    double height = g.inputRows() / (double) result.attribution().rows();
    measures.set(
        PixelSpacing,
        spacing[0] * (g.sourceY(height) - g.sourceY(0)),
        spacing[1] * (g.sourceX(width) - g.sourceX(0)));
    frame.plane(
        groups,
        spacing[1] * (g.sourceX(width / 2) - 0.5),
        spacing[0] * (g.sourceY(height / 2) - 0.5));
  }

  /** Identity transformation, window over all values, and their meaning. */
  private static void values(DicomObject groups, double[][] map, MethodCard method) {
    DoubleSummaryStatistics range =
        Arrays.stream(map)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .summaryStatistics();
    double least = range.getCount() == 0 ? 0 : range.getMin();
    double greatest = range.getCount() == 0 ? 0 : range.getMax();
    groups
        .addItem(PixelValueTransformationSequence)
        .set(RescaleIntercept, "0")
        .set(RescaleSlope, "1")
        .set(RescaleType, "US");
    groups
        .addItem(FrameVOILUTSequence)
        .set(WindowCenter, (least + greatest) / 2)
        .set(WindowWidth, greatest > least ? greatest - least : 1)
        .set(VOILUTFunction, "LINEAR_EXACT");
    DicomObject mapping =
        groups
            .addItem(RealWorldValueMappingSequence)
            .set(LUTExplanation, method.attribution())
            .set(LUTLabel, CaptureText.code(method))
            .set(DoubleFloatRealWorldValueFirstValueMapped, least)
            .set(DoubleFloatRealWorldValueLastValueMapped, greatest)
            .set(RealWorldValueIntercept, 0.0)
            .set(RealWorldValueSlope, 1.0);
    unit(method).addTo(mapping, MeasurementUnitsCodeSequence);
    DicomObject quantity = mapping.addItem(QuantityDefinitionSequence).set(ValueType, "CODE");
    QUANTITY.addTo(quantity, ConceptNameCodeSequence);
    quantity.addCode(
        ConceptCodeSequence,
        CaptureText.code(method),
        ObjectHeader.CODING_SCHEME,
        method.attribution());
  }
}
