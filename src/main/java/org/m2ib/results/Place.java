package org.m2ib.results;

import java.util.Arrays;
import org.m2ib.imaging.Geometry;

/**
 * Where a map points, in source pixels and in words. Made by {@code Place.of}, from the scaled
 * grid, the geometry and the patient's orientation.
 *
 * @param peakX column coordinate of the centre of the hottest patch, source pixels
 * @param peakY row coordinate of it
 * @param centroidX column coordinate of the map's centre of mass, source pixels
 * @param centroidY row coordinate of it
 * @param areaAboveHalf share of the model's square whose scaled map is above 0.5, [0, 1]
 * @param left bounding box of that area, source pixels, inclusive
 * @param top its first row
 * @param right its end column, exclusive
 * @param bottom its end row, exclusive
 * @param imageSide {@code left}, {@code centre} or {@code right} third of the picture, at the
 *     centroid
 * @param patientSide {@code right}, {@code midline} or {@code left} of the patient, {@code unknown}
 *     without an orientation
 * @param zone {@code upper}, {@code mid} or {@code lower} third of the patient, of the picture
 *     without an orientation
 */
public record Place(
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

  /**
   * A flat map points nowhere in particular: its peak is the first patch, its centroid the middle.
   *
   * @param scaled map in [0, 1], [rows][columns] of the model's grid
   * @param geometry of the model's square in the image
   * @param patientOrientation (0020,0020) as {@code row\\column}, null when absent
   */
  public static Place of(double[][] scaled, Geometry geometry, String patientOrientation) {
    Grid grid = new Grid(scaled, geometry);
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    int peakRow = 0;
    int peakColumn = 0;
    int above = 0;
    double left = geometry.sourceColumns();
    double top = geometry.sourceRows();
    double right = 0;
    double bottom = 0;
    boolean flat = grid.isFlat();
    for (int y = 0; y < scaled.length; y++) {
      for (int x = 0; x < scaled[0].length; x++) {
        double weight = flat ? 1 : scaled[y][x];
        sum += weight;
        sumX += weight * grid.x(x + 0.5);
        sumY += weight * grid.y(y + 0.5);
        if (scaled[y][x] > scaled[peakRow][peakColumn]) {
          peakRow = y;
          peakColumn = x;
        }
        if (scaled[y][x] > 0.5) {
          above++;
          left = Math.min(left, grid.x(x));
          top = Math.min(top, grid.y(y));
          right = Math.max(right, grid.x(x + 1));
          bottom = Math.max(bottom, grid.y(y + 1));
        }
      }
    }
    double centroidX = sumX / sum;
    double centroidY = sumY / sum;
    double shareX = centroidX / geometry.sourceColumns();
    double shareY = centroidY / geometry.sourceRows();
    Body body = Body.of(patientOrientation);
    return new Place(
        grid.x(peakColumn + 0.5),
        grid.y(peakRow + 0.5),
        centroidX,
        centroidY,
        above / (double) (scaled.length * scaled[0].length),
        (int) Math.floor(above == 0 ? 0 : left),
        (int) Math.floor(above == 0 ? 0 : top),
        (int) Math.ceil(above == 0 ? 0 : right),
        (int) Math.ceil(above == 0 ? 0 : bottom),
        third(shareX, "left", "centre", "right"),
        body.side(shareX, shareY),
        body.zone(shareX, shareY));
  }

  private static String third(double share, String first, String middle, String last) {
    return share < 1 / 3.0 ? first : share <= 2 / 3.0 ? middle : last;
  }

  /** The model's grid in source pixels, cut at the image's edges. */
  private record Grid(double[][] scaled, Geometry g) {
    double x(double column) {
      double x = g.sourceX(column * g.inputColumns() / scaled[0].length);
      return Math.max(0, Math.min(g.sourceColumns(), x));
    }

    double y(double row) {
      double y = g.sourceY(row * g.inputRows() / scaled.length);
      return Math.max(0, Math.min(g.sourceRows(), y));
    }

    boolean isFlat() {
      return Arrays.stream(scaled).flatMapToDouble(Arrays::stream).allMatch(v -> v == 0);
    }
  }

  /**
   * Which way the picture's axes run in the patient (PS3.3 C.7.6.1.1.1): the first letter of a
   * direction counts, the others say that it is oblique.
   */
  private record Body(char across, char down) {
    static Body of(String orientation) {
      String[] parts = orientation == null ? new String[0] : orientation.split("\\\\");
      return parts.length == 2 ? new Body(first(parts[0]), first(parts[1])) : new Body(' ', ' ');
    }

    private static char first(String direction) {
      return direction.isBlank() ? ' ' : direction.strip().charAt(0);
    }

    String side(double shareX, double shareY) {
      return switch ("" + (across == 'L' || across == 'R' ? across : down)) {
        case "L" -> third(across == 'L' ? shareX : shareY, "right", "midline", "left");
        case "R" -> third(across == 'R' ? shareX : shareY, "left", "midline", "right");
        default -> "unknown";
      };
    }

    String zone(double shareX, double shareY) {
      if (across == 'H' || across == 'F') {
        return third(across == 'F' ? shareX : 1 - shareX, "upper", "mid", "lower");
      }
      return third(down == 'H' ? 1 - shareY : shareY, "upper", "mid", "lower");
    }
  }
}
