package org.m2ib.results;

import java.util.Arrays;
import org.m2ib.imaging.Geometry;

/**
 * Where a map points, in source pixels and in words. Created by {@code MapLocation.of} from the
 * scaled grid, the geometry and the patient's orientation.
 *
 * <p>The words describe the centre of mass of the map's hot region: the patches above half of the
 * map's maximum that are connected, edge to edge, to the hottest patch. The centre of mass of the
 * whole map, which weak patches everywhere draw to the middle of the image, is given separately.
 *
 * @param peakX column coordinate of the centre of the hottest patch, source pixels
 * @param peakY its row coordinate
 * @param centroidX column coordinate of the whole map's centre of mass, source pixels
 * @param centroidY its row coordinate
 * @param areaAboveHalf share of the model's square whose scaled map is above 0.5, [0, 1]
 * @param left bounding box of that area, source pixels, inclusive; all four are 0 if the area is
 *     empty
 * @param top its first row
 * @param right its end column, exclusive
 * @param bottom its end row, exclusive
 * @param imageSide {@code left}, {@code centre} or {@code right} third of the image; {@code
 *     nowhere} for a flat map
 * @param patientSide {@code right}, {@code midline} or {@code left} third of the patient, {@code
 *     unknown} if the orientation does not tell; {@code nowhere} for a flat map
 * @param zone {@code upper}, {@code mid} or {@code lower} third of the patient, or of a projection
 *     whose orientation is not known; {@code unknown} if neither rows nor columns run from head to
 *     foot, as in an axial slice, and in a slice that does not state its orientation; {@code
 *     nowhere} for a flat map
 */
public record MapLocation(
    double peakX,
    double peakY,
    double centroidX,
    double centroidY,
    double areaAboveHalf,
    int left,
    int top,
    int right,
    int bottom,
    String imageSide,
    String patientSide,
    String zone) {

  private static final String NOWHERE = "nowhere";

  /**
   * Coordinates are clipped at the image's edges. A flat map (all 0) points nowhere: its peak and
   * its centroid are the middle of the model's square, its area is 0.
   *
   * @param scaled map in [0, 1], [rows][columns] of the model's grid; its maximum is 1, or all is 0
   * @param geometry of the model's square in the image
   * @param patientOrientation (0020,0020) as {@code row\column}, null if absent
   * @param modality (0008,0060), null if not known, as of a picture
   */
  public static MapLocation of(
      double[][] scaled, Geometry geometry, String patientOrientation, String modality) {
    Grid grid = new Grid(scaled, geometry);
    boolean flat = grid.isFlat();
    double[] centroid = grid.centroid(flat ? grid.even() : scaled);
    double[] peak = flat ? centroid : grid.peak();
    double[] hot = flat ? centroid : grid.centroid(grid.hotRegion());
    int[] box = grid.boxAboveHalf();
    double shareX = hot[0] / geometry.sourceColumns();
    double shareY = hot[1] / geometry.sourceRows();
    BodyAxes body = BodyAxes.of(patientOrientation, modality);
    return new MapLocation(
        peak[0],
        peak[1],
        centroid[0],
        centroid[1],
        grid.shareAboveHalf(),
        box[0],
        box[1],
        box[2],
        box[3],
        flat ? NOWHERE : BodyAxes.third(shareX, "left", "centre", "right"),
        flat ? NOWHERE : body.side(shareX, shareY),
        flat ? NOWHERE : body.zone(shareX, shareY));
  }

  /** The same for a projection. */
  public static MapLocation of(double[][] scaled, Geometry geometry, String patientOrientation) {
    return of(scaled, geometry, patientOrientation, null);
  }

  /**
   * The patches above half of the maximum that are connected, edge to edge, to the hottest one.
   *
   * @param scaled as for {@link #of}
   * @return none for a flat map
   */
  public static boolean[][] hotRegion(double[][] scaled) {
    Grid grid = new Grid(scaled, null);
    double[][] region =
        grid.isFlat() ? new double[scaled.length][scaled[0].length] : grid.hotRegion();
    boolean[][] hot = new boolean[region.length][region[0].length];
    for (int y = 0; y < region.length; y++) {
      for (int x = 0; x < region[y].length; x++) {
        hot[y][x] = region[y][x] > 0;
      }
    }
    return hot;
  }

  /** Side and zone in the patient in words, for example {@code left, upper}. */
  public String inPatient() {
    if (pointsNowhere()) {
      return "nowhere: the map is flat";
    }
    boolean known = !patientSide.equals("unknown");
    return (known ? patientSide : "side not known")
        + ", "
        + (zone.equals("unknown") ? "zones are not told apart in this view" : zone);
  }

  /** Whether the map is flat. */
  public boolean pointsNowhere() {
    return areaAboveHalf == 0;
  }

  /** The model's grid, with its coordinates in source pixels, clipped at the image's edges. */
  private record Grid(double[][] scaled, Geometry g) {
    double x(double column) {
      return cut(g.sourceX(column * g.inputColumns() / scaled[0].length), g.sourceColumns());
    }

    double y(double row) {
      return cut(g.sourceY(row * g.inputRows() / scaled.length), g.sourceRows());
    }

    private static double cut(double coordinate, int end) {
      return Math.max(0, Math.min(end, coordinate));
    }

    boolean isFlat() {
      return Arrays.stream(scaled).flatMapToDouble(Arrays::stream).allMatch(v -> v == 0);
    }

    double shareAboveHalf() {
      long above =
          Arrays.stream(scaled).flatMapToDouble(Arrays::stream).filter(v -> v > 0.5).count();
      return above / (double) (scaled.length * scaled[0].length);
    }

    /** Row and column; the first of equal maxima. */
    int[] hottest() {
      int[] hottest = {0, 0};
      for (int y = 0; y < scaled.length; y++) {
        for (int x = 0; x < scaled[0].length; x++) {
          if (scaled[y][x] > scaled[hottest[0]][hottest[1]]) {
            hottest = new int[] {y, x};
          }
        }
      }
      return hottest;
    }

    double[] peak() {
      int[] hottest = hottest();
      return new double[] {x(hottest[1] + 0.5), y(hottest[0] + 0.5)};
    }

    /** The map, 0 outside its hot region. */
    double[][] hotRegion() {
      double[][] region = new double[scaled.length][scaled[0].length];
      int[] hottest = hottest();
      grow(region, hottest[0], hottest[1]);
      return region;
    }

    private void grow(double[][] region, int row, int column) {
      boolean inside = row >= 0 && row < region.length && column >= 0 && column < region[0].length;
      if (inside && region[row][column] == 0 && scaled[row][column] > 0.5) {
        region[row][column] = scaled[row][column];
        grow(region, row - 1, column);
        grow(region, row + 1, column);
        grow(region, row, column - 1);
        grow(region, row, column + 1);
      }
    }

    double[][] even() {
      double[][] even = new double[scaled.length][scaled[0].length];
      Arrays.stream(even).forEach(row -> Arrays.fill(row, 1));
      return even;
    }

    /** Centroid of weights on the grid, which are not all 0. */
    double[] centroid(double[][] weights) {
      double sum = 0;
      double sumX = 0;
      double sumY = 0;
      for (int y = 0; y < weights.length; y++) {
        for (int x = 0; x < weights[0].length; x++) {
          sum += weights[y][x];
          sumX += weights[y][x] * x(x + 0.5);
          sumY += weights[y][x] * y(y + 0.5);
        }
      }
      return new double[] {sumX / sum, sumY / sum};
    }

    /** Left, top, right, bottom; all 0 if no patch is above half. */
    int[] boxAboveHalf() {
      double left = Double.POSITIVE_INFINITY;
      double top = Double.POSITIVE_INFINITY;
      double right = 0;
      double bottom = 0;
      for (int y = 0; y < scaled.length; y++) {
        for (int x = 0; x < scaled[0].length; x++) {
          if (scaled[y][x] > 0.5) {
            left = Math.min(left, x(x));
            top = Math.min(top, y(y));
            right = Math.max(right, x(x + 1));
            bottom = Math.max(bottom, y(y + 1));
          }
        }
      }
      if (left == Double.POSITIVE_INFINITY) {
        return new int[4];
      }
      // a patch edge on a pixel edge stays there despite rounding in the division
      double slack = 1e-6;
      return new int[] {
        (int) Math.floor(left + slack),
        (int) Math.floor(top + slack),
        (int) Math.ceil(right - slack),
        (int) Math.ceil(bottom - slack)
      };
    }
  }
}
