package org.m2ib.results.capture;

import static org.m2ib.dicom.Tags.*;

import java.awt.image.BufferedImage;
import java.util.List;
import org.m2ib.base.Counted;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.PixelShape;
import org.m2ib.results.SentenceResult;

/** A capture's pixels and their geometry in the patient. */
final class CapturePixels {
  private CapturePixels() {}

  /**
   * The source's geometry applies to the picture, whose top is the source reduced or enlarged; the
   * band below does not change it. A known Laterality becomes ImageLaterality, because it belongs
   * to a series, and captures of both sides share one.
   *
   * @param image of the source
   * @param width the picture's
   */
  static void geometry(
      DicomObject capture, DicomObject source, SentenceResult.Image image, int width) {
    capture.copy(source, PatientOrientation);
    if (!capture.has(PatientOrientation)) { // type 2C
      capture.set(PatientOrientation, "");
    }
    capture
        // PS3.3 C.7.6.1.1.5: once lossy, always lossy
        .copy(source, LossyImageCompression, LossyImageCompressionRatio)
        .copy(source, LossyImageCompressionMethod);
    int laterality = source.has(ImageLaterality) ? ImageLaterality : Laterality;
    DicomObject side = DicomObject.create().copy(source, laterality);
    capture.set(side.has(laterality) ? ImageLaterality : Laterality, side.string(laterality, ""));
    spacing(capture, source, image, width);
  }

  /**
   * NominalScannedPixelSpacing is only for scans (PS3.3 C.8.6.1, by ConversionType), so here it
   * becomes PixelSpacing if the source has no better one.
   */
  private static void spacing(
      DicomObject capture, DicomObject source, SentenceResult.Image image, int width) {
    int frame = image.frame();
    Geometry geometry = image.geometry();
    double aspect = PixelShape.aspect(source, frame);
    double columnScale = width / (double) geometry.sourceColumns();
    double rowScale =
        HeatmapRenderer.imageRows(width, geometry.sourceRows(), geometry.sourceColumns(), aspect)
            / (double) geometry.sourceRows();
    for (int tag : new int[] {PixelSpacing, ImagerPixelSpacing, NominalScannedPixelSpacing}) {
      double[] spacing = PixelShape.spacing(source, frame, tag);
      int as = tag == NominalScannedPixelSpacing ? PixelSpacing : tag;
      if (spacing != null && !capture.has(as)) {
        capture.set(as, spacing[0] / rowScale, spacing[1] / columnScale);
        if (tag == PixelSpacing) {
          capture.copy(source, PixelSpacingCalibrationType, PixelSpacingCalibrationDescription);
        }
      }
    }
  }

  /**
   * @param pictures the frames, of one width; shorter ones are extended at the bottom
   */
  static void set(DicomObject capture, List<BufferedImage> pictures) {
    int columns = pictures.get(0).getWidth();
    int rows = pictures.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow();
    long length = 3L * rows * columns * pictures.size();
    if (length > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "%s of %d x %d pixels: %d bytes, more than one object can hold: make them smaller or fewer"
              .formatted(Counted.of(pictures.size(), "frame"), rows, columns, length));
    }
    byte[] bytes = new byte[(int) (length + (length & 1))]; // PS3.5 7.1.1: an even length
    int at = 0;
    for (BufferedImage picture : pictures) {
      if (picture.getWidth() != columns) {
        throw new IllegalArgumentException(
            "frames of %d and %d columns: all must be of one width"
                .formatted(columns, picture.getWidth()));
      }
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
          int rgb =
              y < picture.getHeight() ? picture.getRGB(x, y) : HeatmapRenderer.BACKGROUND.getRGB();
          bytes[at++] = (byte) (rgb >> 16);
          bytes[at++] = (byte) (rgb >> 8);
          bytes[at++] = (byte) rgb;
        }
      }
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
}
