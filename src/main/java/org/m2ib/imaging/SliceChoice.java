package org.m2ib.imaging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Selects slices of a series.
 *
 * @param kind which
 * @param number how many, if {@code SOME}; else 0
 */
public record SliceChoice(Kind kind, int number) {
  public static final SliceChoice ALL = new SliceChoice(Kind.ALL, 0);

  /** Every one, the middle one, a number of them, or those that a key object names. */
  public enum Kind {
    ALL,
    MIDDLE,
    SOME,
    KEY
  }

  /** Parses {@code all}, {@code middle}, {@code key} or a number. */
  public static SliceChoice parse(String text) {
    return switch (text.strip()) {
      case "all" -> ALL;
      case "middle" -> new SliceChoice(Kind.MIDDLE, 0);
      case "key" -> new SliceChoice(Kind.KEY, 0);
      default -> {
        if (!text.strip().matches("[1-9][0-9]{0,5}")) {
          throw new IllegalArgumentException(
              "slices '" + text + "': must be all, middle, key or a number");
        }
        yield new SliceChoice(Kind.SOME, Integer.parseInt(text.strip()));
      }
    };
  }

  /**
   * The indices of those of a series' images that are selected, in the order given; by {@code KEY}
   * the middle one, for a series of which no key object names any.
   *
   * @param headers of the images, in any order
   */
  public List<Integer> of(List<DicomObject> headers) {
    int count = headers.size();
    if (kind == Kind.ALL || count == 0) {
      return IntStream.range(0, count).boxed().toList();
    }
    List<Integer> ordered = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    ordered.sort(Comparator.comparingDouble(i -> place(headers.get(i), headers.get(0))));
    int wanted = kind == Kind.SOME ? Math.min(number, count) : 1;
    return IntStream.range(0, wanted)
        .map(k -> (int) ((2L * k + 1) * count - 1) / (2 * wanted)) // the middle of each part
        .mapToObj(ordered::get)
        .sorted()
        .toList();
  }

  /** Along the normal of the first image (PS3.3 C.7.6.2.1.1), else by InstanceNumber. */
  private static double place(DicomObject header, DicomObject first) {
    PlaneGeometry plane = PlaneGeometry.of(first, 1);
    PlaneGeometry own = PlaneGeometry.of(header, 1);
    if (plane == null || own == null) {
      return header.integer(Tags.InstanceNumber, 0);
    }
    double[] r = plane.row();
    double[] c = plane.column();
    double[] p = own.position();
    return (r[1] * c[2] - r[2] * c[1]) * p[0]
        + (r[2] * c[0] - r[0] * c[2]) * p[1]
        + (r[0] * c[1] - r[1] * c[0]) * p[2];
  }
}
