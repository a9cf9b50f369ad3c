package org.m2ib.judging;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where a finding is, as a person drew it.
 *
 * @param sopInstanceUid (0008,0018) of the image
 * @param frame counted from 1
 * @param shape what the points mean
 * @param points columns and rows in pixels of the image, as in a DICOM SCOORD (PS3.3 C.18.6.1.1):
 *     (0, 0) is the outer corner of the first pixel, (0.5, 0.5) its centre
 */
public record Region(String sopInstanceUid, int frame, Shape shape, List<List<Double>> points) {
  private static final int MOST_POINTS = 1000;

  /** Its form, and how many points it has. */
  public enum Shape {
    /** Two opposite corners; the sides are along rows and columns. */
    BOX,
    /** The ends of one axis, then those of the other, which is perpendicular to it. */
    ELLIPSE,
    /** Its corners in order, three or more; the last is joined to the first. */
    POLYGON;

    @JsonValue
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException for an unknown code
     */
    @JsonCreator
    public static Shape of(String code) {
      return Arrays.stream(values())
          .filter(shape -> shape.code().equals(code))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("must be box, ellipse or polygon"));
    }
  }

  /**
   * @throws IllegalArgumentException if it is no such shape or has no area; the message names the
   *     field
   */
  public Region {
    if (sopInstanceUid == null || shape == null || points == null || frame < 1) {
      throw new IllegalArgumentException(
          "region: sopInstanceUid, frame (from 1), shape and points are needed");
    }
    points = points.stream().map(List::copyOf).toList();
    boolean count =
        switch (shape) {
          case BOX -> points.size() == 2;
          case ELLIPSE -> points.size() == 4;
          case POLYGON -> points.size() >= 3 && points.size() <= MOST_POINTS;
        };
    if (!count) {
      throw new IllegalArgumentException(
          "region.points: a box has 2, an ellipse 4, a polygon 3 to " + MOST_POINTS);
    }
    for (List<Double> point : points) {
      if (point.size() != 2 || point.stream().anyMatch(v -> !Double.isFinite(v))) {
        throw new IllegalArgumentException("region.points: each must be a column and a row");
      }
    }
    if (shape == Shape.ELLIPSE && !isEllipse(points)) {
      throw new IllegalArgumentException(
          "region.points: the axes of an ellipse bisect each other at right angles");
    }
    if (!(area(shape, points) > 0)) {
      throw new IllegalArgumentException("region.points: the region has no area");
    }
  }

  private static boolean isEllipse(List<List<Double>> p) {
    double ax = p.get(1).get(0) - p.get(0).get(0);
    double ay = p.get(1).get(1) - p.get(0).get(1);
    double bx = p.get(3).get(0) - p.get(2).get(0);
    double by = p.get(3).get(1) - p.get(2).get(1);
    double size = Math.hypot(ax, ay) + Math.hypot(bx, by);
    double offX = p.get(0).get(0) + p.get(1).get(0) - p.get(2).get(0) - p.get(3).get(0);
    double offY = p.get(0).get(1) + p.get(1).get(1) - p.get(2).get(1) - p.get(3).get(1);
    return Math.abs(ax * bx + ay * by) <= 1e-3 * size * size
        && Math.hypot(offX, offY) <= 1e-3 * size;
  }

  /**
   * @throws IllegalArgumentException if a point is outside of the image
   */
  public void checkInside(int rows, int columns) {
    for (List<Double> point : points) {
      if (point.get(0) < 0 || point.get(1) < 0 || point.get(0) > columns || point.get(1) > rows) {
        throw new IllegalArgumentException(
            "region.points: outside of the image, which has %d columns and %d rows"
                .formatted(columns, rows));
      }
    }
  }

  /** Square pixels. */
  @JsonIgnore
  public double area() {
    return area(shape, points);
  }

  private static double area(Shape shape, List<List<Double>> p) {
    return switch (shape) {
      case BOX ->
          Math.abs((p.get(1).get(0) - p.get(0).get(0)) * (p.get(1).get(1) - p.get(0).get(1)));
      case ELLIPSE ->
          Math.PI
              / 4
              * Math.hypot(p.get(1).get(0) - p.get(0).get(0), p.get(1).get(1) - p.get(0).get(1))
              * Math.hypot(p.get(3).get(0) - p.get(2).get(0), p.get(3).get(1) - p.get(2).get(1));
      case POLYGON -> {
        double twice = 0;
        for (int i = 0; i < p.size(); i++) {
          List<Double> one = p.get(i);
          List<Double> next = p.get((i + 1) % p.size());
          twice += one.get(0) * next.get(1) - next.get(0) * one.get(1);
        }
        yield Math.abs(twice) / 2;
      }
    };
  }

  /** Graphic Type (0070,0023) of a SCOORD. */
  @JsonIgnore
  public String graphicType() {
    return shape == Shape.ELLIPSE ? "ELLIPSE" : "POLYLINE";
  }

  /**
   * Graphic Data (0070,0022): columns and rows in turn. A polyline is closed; of an ellipse the
   * longer axis comes first.
   */
  @JsonIgnore
  public double[] graphicData() {
    List<List<Double>> all =
        switch (shape) {
          case BOX -> {
            List<Double> a = points.get(0);
            List<Double> b = points.get(1);
            yield List.of(a, List.of(b.get(0), a.get(1)), b, List.of(a.get(0), b.get(1)), a);
          }
          case ELLIPSE ->
              length(points.get(0), points.get(1)) >= length(points.get(2), points.get(3))
                  ? points
                  : List.of(points.get(2), points.get(3), points.get(0), points.get(1));
          case POLYGON -> {
            List<List<Double>> closed = new ArrayList<>(points);
            closed.add(points.get(0));
            yield closed;
          }
        };
    return all.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
  }

  private static double length(List<Double> a, List<Double> b) {
    return Math.hypot(b.get(0) - a.get(0), b.get(1) - a.get(1));
  }

  /**
   * As one text, for FHIR R4, which has no type for it: image, frame, Graphic Type and Graphic
   * Data, {@code 1.2.3 1 POLYLINE 10 20.5 ...}
   */
  @JsonIgnore
  public String text() {
    return "%s %d %s %s"
        .formatted(
            sopInstanceUid,
            frame,
            graphicType(),
            Arrays.stream(graphicData())
                .mapToObj(v -> v == Math.rint(v) ? String.valueOf((long) v) : String.valueOf(v))
                .collect(Collectors.joining(" ")));
  }
}
