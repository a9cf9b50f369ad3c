package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AnnotatedShapeTest {
  private static final Row ROW = new Row("boxes.csv, line 7", Map.of());

  /** In quarters of a pixel, less an eighth: no edge goes through a centre. */
  @Property(tries = 500)
  void aPixelIsInsideABoxWhenItsCentreIs(
      @ForAll @IntRange(min = -40, max = 100) int x,
      @ForAll @IntRange(min = -40, max = 100) int y,
      @ForAll @IntRange(min = 1, max = 150) int width,
      @ForAll @IntRange(min = 1, max = 150) int height,
      @ForAll @IntRange(min = 1, max = 30) int columns,
      @ForAll @IntRange(min = 1, max = 30) int rows)
      throws IOException, BadRow {
    PictureSize size = new PictureSize(columns, rows);
    double left = x / 4. - 1 / 8.;
    double top = y / 4. - 1 / 8.;
    double right = left + width / 4.;
    double bottom = top + height / 4.;
    if (left >= columns || top >= rows || right <= 0 || bottom <= 0) {
      assertThatThrownBy(() -> AnnotatedShape.box(ROW, left, top, width / 4., height / 4., size))
          .isInstanceOf(BadRow.class)
          .hasMessageStartingWith("boxes.csv, line 7: drawn at (")
          .hasMessageEndingWith("outside the picture of " + columns + " x " + rows);
      return;
    }
    boolean[] mask =
        AnnotatedShape.box(ROW, left, top, width / 4., height / 4., size).mask(rows, columns);
    boolean[] expected = new boolean[rows * columns];
    for (int i = 0; i < expected.length; i++) {
      double centreX = i % columns + 0.5;
      double centreY = i / columns + 0.5;
      expected[i] = centreX > left && centreX < right && centreY > top && centreY < bottom;
    }
    assertThat(mask).isEqualTo(expected);
  }

  @Property(tries = 100)
  void twoBoxesThatAdjoinHaveEveryPixelOnce(@ForAll @IntRange(min = 1, max = 39) int halves)
      throws IOException, BadRow {
    double edge = halves / 2.;
    PictureSize size = new PictureSize(20, 3);
    boolean[] left = AnnotatedShape.box(ROW, 0, 0, edge, 3, size).mask(3, 20);
    boolean[] right = AnnotatedShape.box(ROW, edge, 0, 20 - edge, 3, size).mask(3, 20);
    for (int i = 0; i < left.length; i++) {
      assertThat(left[i]).isNotEqualTo(right[i]);
    }
  }

  /** Corners stand off the grid of centres; a ray to the right crosses the outline oddly often. */
  @Property(tries = 300)
  void aPixelIsInsideAPolygonWhenItsCentreIs(
      @ForAll @Size(min = 6, max = 24) int @IntRange(min = -5, max = 25) [] at)
      throws IOException, BadRow {
    double[][] points = new double[at.length / 2][];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {at[2 * i] + 0.0137 * (i + 1), at[2 * i + 1] + 0.0071 * (i + 1)};
    }
    boolean[] expected = new boolean[20 * 20];
    boolean any = false;
    for (int i = 0; i < expected.length; i++) {
      expected[i] = crossings(points, i % 20 + 0.5, i / 20 + 0.5) % 2 == 1;
      any |= expected[i];
    }
    try {
      assertThat(AnnotatedShape.polygon(ROW, points, new PictureSize(20, 20)).mask(20, 20))
          .isEqualTo(expected);
    } catch (BadRow e) {
      assertThat(any).isFalse();
    }
  }

  private static int crossings(double[][] points, double x, double y) {
    int crossings = 0;
    for (int i = 0; i < points.length; i++) {
      double[] p = points[i];
      double[] q = points[(i + 1) % points.length];
      if (p[1] > y != q[1] > y && x < p[0] + (y - p[1]) / (q[1] - p[1]) * (q[0] - p[0])) {
        crossings++;
      }
    }
    return crossings;
  }

  @Property(tries = 200)
  void aResizedPictureHasTheBoxResized(
      @ForAll @IntRange(min = 0, max = 10) int x,
      @ForAll @IntRange(min = 0, max = 20) int y,
      @ForAll @IntRange(min = 1, max = 10) int width,
      @ForAll @IntRange(min = 1, max = 10) int height,
      @ForAll @IntRange(min = 1, max = 4) int times)
      throws IOException, BadRow {
    AnnotatedShape box = AnnotatedShape.box(ROW, x, y, width, height, new PictureSize(20, 30));
    assertThat(Made.extent(box.mask(30 * times, 20 * times), 20 * times))
        .isEqualTo(
            "%d,%d,%d,%d: %d"
                .formatted(
                    x * times,
                    y * times,
                    (x + width) * times,
                    (y + height) * times,
                    width * height * times * times));
  }

  @Test
  void aBoxWithoutAreaIsRefused() {
    PictureSize size = new PictureSize(20, 30);
    assertThatThrownBy(() -> AnnotatedShape.box(ROW, 3, 3, 0, 5, size))
        .hasMessage(
            "boxes.csv, line 7: a box of 0.0 x 5.0 pixels; its right must be above its left and its"
                + " bottom above its top");
    assertThatThrownBy(() -> AnnotatedShape.box(ROW, 3, 3, 5, -1, null)).isInstanceOf(BadRow.class);
  }

  @Test
  void aPictureOfOtherProportionsIsRefused() throws BadRow {
    AnnotatedShape box = AnnotatedShape.box(ROW, 3, 3, 5, 5, new PictureSize(2544, 3056));
    assertThatThrownBy(() -> box.mask(512, 512))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 7: drawn on a picture of 2544 x 3056 pixels")
        .hasMessageContaining("512 x 512: cropped, padded or turned");
    assertThatThrownBy(() -> box.mask(2544, 3056)).isInstanceOf(IOException.class);
  }

  @Test
  void aSizeThatWasRoundedOnResizingHasTheSameProportions() {
    PictureSize size = new PictureSize(2544, 3056);
    assertThat(size.hasRatioOf(426, 512)).isTrue(); // 426.2
    assertThat(size.hasRatioOf(427, 512)).isTrue();
    assertThat(size.hasRatioOf(428, 512)).isFalse();
    assertThat(new PictureSize(426, 512).hasRatioOf(2544, 3056)).isTrue();
  }

  @Test
  void withoutASizeTheCoordinatesAreThoseOfThePicture() throws IOException, BadRow {
    assertThat(Made.extent(AnnotatedShape.box(ROW, 2, 3, 4, 5, null).mask(10, 20), 20))
        .isEqualTo("2,3,6,8: 20");
  }
}
