package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;

class OverlayTest {
  private static final int GRID = 7;

  @Property(tries = 40)
  void aHotPatchIsColouredWhereItCameFrom(
      @ForAll @IntRange(min = 60, max = 300) int rows,
      @ForAll @IntRange(min = 60, max = 300) int columns,
      @ForAll @IntRange(max = GRID - 1) int hotRow,
      @ForAll @IntRange(max = GRID - 1) int hotColumn,
      @ForAll @IntRange(min = 40, max = 400) int longSide) {
    Geometry geometry = centreCrop(rows, columns);
    double[][] bits = new double[GRID][GRID];
    bits[hotRow][hotColumn] = 1;
    BufferedImage picture =
        Overlay.of(
            new DisplayImage(rows, columns, 1, new float[rows * columns]),
            geometry,
            attribution(bits),
            new Caption("A sentence.", "model", ""),
            longSide);
    double scale = Math.min(1, longSide / (double) Math.max(rows, columns));

    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < Math.round(rows * scale); y++) {
      for (int x = 0; x < Math.round(columns * scale); x++) {
        int red = picture.getRGB(x, y) >> 16 & 0xFF;
        sum += red;
        sumX += red * (x + 0.5);
        sumY += red * (y + 0.5);
      }
    }
    double patch = geometry.inputColumns() / (double) GRID;
    assertThat(sum).isPositive();
    assertThat(geometry.inputX(sumX / sum / scale) / patch)
        .isBetween(hotColumn - 0.5, hotColumn + 1.5);
    assertThat(geometry.inputY(sumY / sum / scale) / patch).isBetween(hotRow - 0.5, hotRow + 1.5);
  }

  @Property(tries = 40)
  void thePlaceNamesThePatchAndMirrorsWithThePatient(
      @ForAll @IntRange(min = 60, max = 300) int rows,
      @ForAll @IntRange(min = 60, max = 300) int columns,
      @ForAll @IntRange(max = GRID - 1) int hotRow,
      @ForAll @IntRange(max = GRID - 1) int hotColumn) {
    Geometry geometry = centreCrop(rows, columns);
    double[][] scaled = new double[GRID][GRID];
    scaled[hotRow][hotColumn] = 1;
    Place place = Place.of(scaled, geometry, "L\\F");
    double patch = geometry.inputColumns() / (double) GRID;

    assertThat((int) (geometry.inputX(place.peakX()) / patch)).isEqualTo(hotColumn);
    assertThat((int) (geometry.inputY(place.peakY()) / patch)).isEqualTo(hotRow);
    assertThat(place.peakX()).isBetween((double) place.left(), (double) place.right());
    assertThat(place.peakY()).isBetween((double) place.top(), (double) place.bottom());
    String mirrored = Place.of(scaled, geometry, "R\\F").patientSide();
    assertThat(List.of(place.patientSide(), mirrored))
        .isIn(List.of("left", "right"), List.of("right", "left"), List.of("midline", "midline"));
    assertThat(Place.of(scaled, geometry, "A\\F").patientSide()).isEqualTo("unknown");
    assertThat(Place.of(scaled, geometry, null).patientSide()).isEqualTo("unknown");
  }

  /** The shorter edge to 70, then a square of 70 cut from the middle. */
  private static Geometry centreCrop(int rows, int columns) {
    int shorter = Math.min(rows, columns);
    int resizedRows = rows * 70 / shorter;
    int resizedColumns = columns * 70 / shorter;
    return new Geometry(
        rows,
        columns,
        resizedRows,
        resizedColumns,
        (resizedRows - 70) / 2,
        (resizedColumns - 70) / 2,
        70,
        70);
  }

  private static Attribution attribution(double[][] bits) {
    return new Attribution(
        bits, List.of(), 0, 0, 0, 0, 0, List.of(), List.of(), 0, 0, false, M2ibSettings.PAPER);
  }
}
