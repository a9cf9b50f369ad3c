package org.m2ib.results.objects;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

/**
 * The hot region of a map in the source image: the patches above half of the map's maximum that are
 * connected, edge to edge, to the hottest one, cut at the image's edges. It is empty for a flat map
 * and where all of it lies in the model's padding.
 *
 * <p>Its pixels are those whose centre lies in it. Where a patch is smaller than a pixel, as in an
 * image of few rows that is enlarged for the model, that may be none: then they are those that it
 * touches.
 */
final class HotRegion {
  private static final Comparator<List<Integer>> FROM_TOP_LEFT =
      Comparator.<List<Integer>>comparingInt(at -> at.get(1)).thenComparing(at -> at.get(0));

  private final boolean[][] patches;
  private final Geometry geometry;
  private final boolean byCentre;

  private HotRegion(boolean[][] patches, Geometry geometry) {
    this.patches = patches;
    this.geometry = geometry;
    this.byCentre = hasCentre();
  }

  static HotRegion of(SentenceResult result) {
    return new HotRegion(
        MapLocation.hotRegion(result.attribution().scaled()), result.image().geometry());
  }

  boolean isEmpty() {
    return outline().length == 0;
  }

  /** Whether a pixel of the source belongs to it. */
  boolean contains(int row, int column) {
    return byCentre
        ? isHotAt(row, column)
        : anyPatch((from, to) -> meets(from[1], to[1], row) && meets(from[0], to[0], column));
  }

  /** Whether a patch holds a pixel's centre. */
  private boolean hasCentre() {
    return anyPatch(
        (from, to) ->
            Math.ceil(from[0] - 0.5) + 0.5 < to[0] && Math.ceil(from[1] - 0.5) + 0.5 < to[1]);
  }

  private static boolean meets(double from, double to, int pixel) {
    return Math.min(to, pixel + 1) > Math.max(from, pixel);
  }

  /**
   * @param test of a patch's top left and bottom right corner (column, row) in the source, cut at
   *     its edges
   */
  private boolean anyPatch(BiPredicate<double[], double[]> test) {
    for (int y = 0; y < patches.length; y++) {
      for (int x = 0; x < patches[0].length; x++) {
        if (patches[y][x] && test.test(corner(x, y), corner(x + 1, y + 1))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isHotAt(int row, int column) {
    double y = geometry.inputY(row + 0.5) * patches.length / geometry.inputRows();
    double x = geometry.inputX(column + 0.5) * patches[0].length / geometry.inputColumns();
    return y >= 0
        && x >= 0
        && y < patches.length
        && x < patches[0].length
        && patches[(int) y][(int) x];
  }

  /**
   * Its outer boundary as a closed polygon.
   *
   * @return columns and rows in turn, in source pixels, (0, 0) the outer corner of the first; the
   *     last point is the first; empty if the region is
   */
  double[] outline() {
    double[] largest = new double[0];
    for (List<int[]> loop : loops()) {
      double[] points = inSource(loop);
      if (area(points) > area(largest)) {
        largest = points;
      }
    }
    return largest;
  }

  /** Number of pixels of the source in it. */
  int area() {
    int area = 0;
    for (int row = 0; row < geometry.sourceRows(); row++) {
      for (int column = 0; column < geometry.sourceColumns(); column++) {
        area += contains(row, column) ? 1 : 0;
      }
    }
    return area;
  }

  private double[] inSource(List<int[]> loop) {
    double[] points = new double[2 * loop.size()];
    for (int i = 0; i < loop.size(); i++) {
      System.arraycopy(corner(loop.get(i)[0], loop.get(i)[1]), 0, points, 2 * i, 2);
    }
    return points;
  }

  /** Column and row in the source of a corner of patches. */
  private double[] corner(int column, int row) {
    double x = column * (double) geometry.inputColumns() / patches[0].length;
    double y = row * (double) geometry.inputRows() / patches.length;
    return new double[] {
      clip(geometry.sourceX(x), geometry.sourceColumns()),
      clip(geometry.sourceY(y), geometry.sourceRows())
    };
  }

  private static double clip(double coordinate, int end) {
    return Math.max(0, Math.min(end, coordinate));
  }

  /** Twice the enclosed area (shoelace formula). */
  private static double area(double[] points) {
    double sum = 0;
    for (int i = 0; i + 3 < points.length; i += 2) {
      sum += points[i] * points[i + 3] - points[i + 2] * points[i + 1];
    }
    return Math.abs(sum);
  }

  /** All boundaries in corners of patches (column, row), without points along straight lines. */
  private List<List<int[]>> loops() {
    Map<List<Integer>, List<int[]>> edges = edges();
    List<List<int[]>> loops = new ArrayList<>();
    while (!edges.isEmpty()) {
      List<Integer> start = Collections.min(edges.keySet(), FROM_TOP_LEFT); // a corner
      List<int[]> corners = new ArrayList<>();
      List<Integer> at = start;
      int[] direction = null;
      do {
        int[] next = take(edges, at, direction);
        if (direction == null || next[0] != direction[0] || next[1] != direction[1]) {
          corners.add(new int[] {at.get(0), at.get(1)});
        }
        direction = next;
        at = List.of(at.get(0) + next[0], at.get(1) + next[1]);
      } while (!at.equals(start));
      corners.add(corners.get(0));
      loops.add(corners);
    }
    return loops;
  }

  /** Where two patches touch at a corner, the boundary turns to stay with its own patch. */
  private static int[] take(
      Map<List<Integer>, List<int[]>> edges, List<Integer> at, int[] direction) {
    List<int[]> from = edges.get(at);
    int index = 0;
    for (int i = 0; direction != null && i < from.size(); i++) {
      int turn = direction[0] * from.get(i)[1] - direction[1] * from.get(i)[0];
      index = turn > 0 ? i : index;
    }
    int[] taken = from.remove(index);
    if (from.isEmpty()) {
      edges.remove(at);
    }
    return taken;
  }

  /** Directions of the boundary's edges by their start, clockwise around the region. */
  private Map<List<Integer>, List<int[]>> edges() {
    Map<List<Integer>, List<int[]>> edges = new HashMap<>();
    for (int y = 0; y < patches.length; y++) {
      for (int x = 0; x < patches[0].length; x++) {
        if (patches[y][x]) {
          edge(edges, isHot(y - 1, x), x, y, 1, 0);
          edge(edges, isHot(y, x + 1), x + 1, y, 0, 1);
          edge(edges, isHot(y + 1, x), x + 1, y + 1, -1, 0);
          edge(edges, isHot(y, x - 1), x, y + 1, 0, -1);
        }
      }
    }
    return edges;
  }

  private static void edge(
      Map<List<Integer>, List<int[]>> edges, boolean inside, int x, int y, int dx, int dy) {
    if (!inside) {
      edges.computeIfAbsent(List.of(x, y), at -> new ArrayList<>()).add(new int[] {dx, dy});
    }
  }

  private boolean isHot(int y, int x) {
    return y >= 0 && x >= 0 && y < patches.length && x < patches[0].length && patches[y][x];
  }
}
