package org.m2ib.imaging;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * A frame's plane in the patient (PS3.3 C.7.6.2.1.1).
 *
 * @param position x, y, z of the centre of its first pixel, in millimetres
 * @param row direction cosines of a row
 * @param column those of a column
 */
public record PlaneGeometry(double[] position, double[] row, double[] column) {
  /** The cosine below which a direction does not also run along an axis: rounding, not a tilt. */
  private static final double SLIGHT = 0.01;

  /**
   * The same for where something lies: a slice tilted by less than about 25 degrees still has the
   * patient's left on one side. It is cut, so nothing of the other side lies over it.
   */
  private static final double TILTED = 0.42;

  /**
   * @param frame counted from 1; its Plane Position and Orientation (PS3.3 C.7.6.16.2.3) take
   *     precedence
   * @return null if not given, as for projections
   */
  public static PlaneGeometry of(DicomObject object, int frame) {
    double[] position =
        values(object, frame, Tags.PlanePositionSequence, Tags.ImagePositionPatient, 3);
    double[] orientation =
        values(object, frame, Tags.PlaneOrientationSequence, Tags.ImageOrientationPatient, 6);
    return position == null || orientation == null
        ? null
        : new PlaneGeometry(
            position,
            new double[] {orientation[0], orientation[1], orientation[2]},
            new double[] {orientation[3], orientation[4], orientation[5]});
  }

  /**
   * The plane of a projection in a frame of reference of its own, with its first pixel at the
   * origin.
   *
   * @param patientOrientation (0020,0020) as {@code row\column}; null, or not along two axes of the
   *     patient: rows run along x, columns along y
   */
  public static PlaneGeometry ofProjection(String patientOrientation) {
    String[] words = patientOrientation == null ? new String[0] : patientOrientation.split("\\\\");
    double[] row = words.length == 2 ? axis(words[0]) : null;
    double[] column = words.length == 2 ? axis(words[1]) : null;
    boolean known = row != null && column != null && product(row, column) == 0;
    return new PlaneGeometry(
        new double[3],
        known ? row : new double[] {1, 0, 0},
        known ? column : new double[] {0, 1, 0});
  }

  /** The main direction, in the patient's coordinates (PS3.3 C.7.6.1.1.1, C.7.6.2.1.1). */
  private static double[] axis(String word) {
    return switch (word.strip().isEmpty() ? ' ' : word.strip().charAt(0)) {
      case 'L' -> new double[] {1, 0, 0};
      case 'R' -> new double[] {-1, 0, 0};
      case 'P' -> new double[] {0, 1, 0};
      case 'A' -> new double[] {0, -1, 0};
      case 'H' -> new double[] {0, 0, 1};
      case 'F' -> new double[] {0, 0, -1};
      default -> null;
    };
  }

  private static double product(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static double[] values(DicomObject object, int frame, int sequence, int tag, int length) {
    double[] values =
        FunctionalGroups.holder(object, frame, sequence, item -> item.doubles(tag).length == length)
            .doubles(tag);
    return values.length == length ? values : null;
  }

  /**
   * The position of another point of the plane.
   *
   * @param alongRow millimetres from the first pixel's centre
   * @param alongColumn millimetres from it
   */
  public double[] at(double alongRow, double alongColumn) {
    double[] at = new double[3];
    for (int i = 0; i < 3; i++) {
      at[i] = position[i] + alongRow * row[i] + alongColumn * column[i];
    }
    return at;
  }

  /**
   * The directions of a row and of a column in the patient, as PatientOrientation states them
   * (PS3.3 C.7.6.1.1.1): letters of L/R, P/A and H/F, the main one first.
   */
  public List<String> directions() {
    return List.of(letters(row, SLIGHT), letters(column, SLIGHT));
  }

  /** The same without the slight tilt of a slice. */
  List<String> mainDirections() {
    return List.of(letters(row, TILTED), letters(column, TILTED));
  }

  private static String letters(double[] direction, double least) {
    return IntStream.range(0, 3)
        .filter(axis -> Math.abs(direction[axis]) > least)
        .boxed()
        .sorted(Comparator.comparingDouble(axis -> -Math.abs(direction[axis])))
        .map(axis -> (direction[axis] > 0 ? "LPH" : "RAF").substring(axis, axis + 1))
        .collect(Collectors.joining());
  }

  /** ImageOrientationPatient. */
  public double[] orientation() {
    return new double[] {row[0], row[1], row[2], column[0], column[1], column[2]};
  }
}
