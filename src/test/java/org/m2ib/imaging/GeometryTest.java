package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;

class GeometryTest {
  private static final int GRID = 7;
  private static final double[] ASPECTS = {1, 2, 0.5, 1.2345, 0.75};

  private static Preprocessor clip(boolean padded, int edge, int crop) {
    return new Preprocessor(
        padded,
        new Preprocessor.Size(edge, 0),
        Resampling.BICUBIC,
        new int[] {crop, crop},
        Preprocessor.OddMargin.DOWN,
        1,
        new double[3],
        new double[] {1, 1, 1});
  }

  @Property
  void theWayBackIsTheInverseOfTheWayThere(
      @ForAll @IntRange(min = 30, max = 3000) int rows,
      @ForAll @IntRange(min = 30, max = 3000) int columns,
      @ForAll @IntRange(min = 8, max = 448) int edge,
      @ForAll @IntRange(min = 8, max = 448) int crop,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @IntRange(min = 0, max = 4) int shape,
      @ForAll boolean padded) {
    Preprocessor preprocessor = clip(padded, edge, crop);
    double aspect = ASPECTS[shape];
    Geometry g =
        aspect == 1
            ? preprocessor.geometry(rows, columns)
            : preprocessor.apply(flat(rows % 300 + 1, columns % 300 + 1, aspect)).geometry();
    assertInverse(g, share, crop);
    // square pixels in the model's input, but for what whole numbers of pixels round away
    double scaleX = g.resizedColumns() / g.sourceColumns();
    double scaleY = g.resizedRows() / g.sourceRows() / aspect;
    double least = Math.min(g.resizedRows(), g.resizedColumns());
    double rounded = 1 / least + 1.0 / Math.min(g.sourceRows(), g.sourceColumns());
    assertThat(scaleY / scaleX).isCloseTo(1, within(1.5 * rounded));
    // centred: what is cut away on both sides differs by at most a pixel, and one of the padding
    double longest =
        Math.max(g.sourceRows() * Math.max(1, aspect), g.sourceColumns() * Math.max(1, 1 / aspect));
    double most = padded ? 1 + Math.max(1, edge / longest) : 1;
    assertThat(g.resizedRows() - crop - 2 * g.offsetY()).isBetween(-most, most);
    assertThat(g.resizedColumns() - crop - 2 * g.offsetX()).isBetween(-most, most);
  }

  private static void assertInverse(Geometry g, double share, int crop) {
    int columns = g.sourceColumns();
    int rows = g.sourceRows();
    double x = share * columns;
    double y = share * rows;
    assertThat(g.sourceX(g.inputX(x))).isCloseTo(x, within(1e-6));
    assertThat(g.sourceY(g.inputY(y))).isCloseTo(y, within(1e-6));
    assertThat(g.inputX(g.sourceX(share * crop))).isCloseTo(share * crop, within(1e-6));
    assertThat(g.inputY(g.sourceY(share * crop))).isCloseTo(share * crop, within(1e-6));
    assertThat(g.inputRows()).isEqualTo(crop);
  }

  private static DisplayImage flat(int rows, int columns, double aspect) {
    return new DisplayImage(rows, columns, 1, new float[rows * columns], aspect);
  }

  /** A radiograph whose every second row or column was left out is the same to the model. */
  @Property(tries = 20)
  void theModelSeesAnImageOfPixelsThatAreNotSquareAsASquareOne(
      @ForAll boolean tall,
      @ForAll boolean padded,
      @ForAll @IntRange(min = 120, max = 200) int halfRows,
      @ForAll @IntRange(min = 120, max = 200) int halfColumns) {
    int rows = 2 * halfRows;
    int columns = 2 * halfColumns;
    DisplayImage square = spot(rows, columns, 0.6 * columns, 0.4 * rows, false);
    DisplayImage halved = halved(square, tall);
    Preprocessor preprocessor = clip(padded, 112, 112);
    ModelInput expected = preprocessor.apply(square);
    ModelInput input = preprocessor.apply(halved);
    for (int i = 0; i < input.pixels().length; i++) {
      assertThat(input.pixels()[i]).isCloseTo(expected.pixels()[i], within(8f)); // of 255
    }
    double x = input.geometry().sourceX(50) * (tall ? 1 : 2);
    double y = input.geometry().sourceY(50) * (tall ? 2 : 1);
    assertThat(x).isCloseTo(expected.geometry().sourceX(50), within(1e-9));
    assertThat(y).isCloseTo(expected.geometry().sourceY(50), within(1e-9));
  }

  /** Each two pixels, one above the other where they become tall, as one. */
  private static DisplayImage halved(DisplayImage image, boolean tall) {
    int rows = image.rows() / (tall ? 2 : 1);
    int columns = image.columns() / (tall ? 1 : 2);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      int at = i / columns * (tall ? 2 : 1) * image.columns() + i % columns * (tall ? 1 : 2);
      values[i] = (image.values()[at] + image.values()[at + (tall ? image.columns() : 1)]) / 2;
    }
    return new DisplayImage(rows, columns, 1, values, tall ? 2 : 0.5);
  }

  @Test
  void pixelsThatWouldMakeAHugePictureAreRefused() {
    DisplayImage needle = flat(20, 20, 1e8);
    assertThatThrownBy(() -> clip(false, 112, 112).apply(needle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its aspect ratio is too extreme");
  }

  /** A spot somewhere in a radiograph is found again by the hottest patch of the model's grid. */
  @Property(tries = 60)
  void theHottestPatchLiesWhereTheSpotWas(
      @ForAll @IntRange(min = 90, max = 400) int rows,
      @ForAll @IntRange(min = 90, max = 400) int columns,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double across,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double down,
      @ForAll boolean monochrome1,
      @ForAll boolean padded) {
    int crop = 16 * GRID;
    Preprocessor preprocessor = clip(padded, crop, crop);
    Geometry g = preprocessor.geometry(rows, columns);
    double spotX = padded ? across * columns : g.sourceX(across * crop);
    double spotY = padded ? down * rows : g.sourceY(down * crop);
    ModelInput input = preprocessor.apply(spot(rows, columns, spotX, spotY, monochrome1));
    int hottest = hottestPatch(input.pixels(), crop);
    double patchX = (hottest % GRID + 0.5) * 16;
    double patchY = (hottest / GRID + 0.5) * 16;
    assertThat(Math.abs(g.sourceX(patchX) - spotX))
        .isLessThanOrEqualTo(patch(g.sourceX(16) - g.sourceX(0)));
    assertThat(Math.abs(g.sourceY(patchY) - spotY))
        .isLessThanOrEqualTo(patch(g.sourceY(16) - g.sourceY(0)));
  }

  private static double patch(double size) {
    return size * 1.01;
  }

  private static DisplayImage spot(int rows, int columns, double x, double y, boolean inverted) {
    double radius = Math.min(rows, columns) / 25.0;
    int[] values = new int[rows * columns];
    for (int i = 0; i < values.length; i++) {
      double dx = i % columns + 0.5 - x;
      double dy = i / columns + 0.5 - y;
      int bright = (int) (1000 * Math.exp(-(dx * dx + dy * dy) / (2 * radius * radius)));
      values[i] = inverted ? 1000 - bright : bright;
    }
    String photometric = inverted ? "MONOCHROME1" : "MONOCHROME2";
    DicomObject header = DicomObject.create().set(Tags.BitsAllocated, 16);
    return DisplayPipeline.display(
        new RawFrame(rows, columns, 1, photometric, 12, false, values), header, 1);
  }

  private static int hottestPatch(float[] pixels, int crop) {
    double[] sums = new double[GRID * GRID];
    for (int i = 0; i < crop * crop; i++) {
      sums[i / crop / 16 * GRID + i % crop / 16] += pixels[i];
    }
    int hottest = 0;
    for (int i = 1; i < sums.length; i++) {
      hottest = sums[i] > sums[hottest] ? i : hottest;
    }
    return hottest;
  }
}
