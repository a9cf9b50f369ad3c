package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;

class GeometryTest {
  private static final int GRID = 7;

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
      @ForAll boolean padded) {
    Geometry g = clip(padded, edge, crop).geometry(rows, columns);
    double x = share * columns;
    double y = share * rows;
    assertThat(g.sourceX(g.inputX(x))).isCloseTo(x, within(1e-6));
    assertThat(g.sourceY(g.inputY(y))).isCloseTo(y, within(1e-6));
    assertThat(g.inputX(g.sourceX(share * crop))).isCloseTo(share * crop, within(1e-6));
    assertThat(g.inputRows()).isEqualTo(crop);
    // centred: what is cut away on both sides differs by at most a pixel, and one of the padding
    double most = padded ? 1 + Math.max(1, edge / (double) Math.max(rows, columns)) : 1;
    assertThat(g.resizedRows() - crop - 2 * g.offsetY()).isBetween(-most, most);
    assertThat(g.resizedColumns() - crop - 2 * g.offsetX()).isBetween(-most, most);
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
