package org.m2ib.results;

import java.util.Set;

/**
 * Directions of an image's axes in the patient, from PatientOrientation (PS3.3 C.7.6.1.1.1): a
 * direction is one to three letters of R/L, A/P, H/F, the main one first, so that {@code LF} is to
 * the left and slightly down. Other values, such as those for animals, are ignored.
 *
 * @param across direction of a row, from the image's left to its right
 * @param down direction of a column, from its top to its bottom
 * @param slice whether the image is a slice, which may lie in any plane: if it does not state its
 *     directions, it is not taken as upright
 */
record BodyAxes(String across, String down, boolean slice) {
  private static final Set<String> SLICES = Set.of("CT", "MR", "PT");
  private static final String PAIRS = "RLAPHF";

  /**
   * @param patientOrientation as {@code row\column}, null if absent
   * @param modality (0008,0060), null if not known
   */
  static BodyAxes of(String patientOrientation, String modality) {
    boolean slice = modality != null && SLICES.contains(modality);
    BodyAxes none = new BodyAxes("", "", slice);
    String[] words = patientOrientation == null ? new String[0] : patientOrientation.split("\\\\");
    BodyAxes axes =
        words.length == 2
            ? new BodyAxes(direction(words[0].strip()), direction(words[1].strip()), slice)
            : none;
    return axes.areParallel() ? none : axes;
  }

  /** Rows and columns cannot run along the same axis: such an orientation says nothing. */
  private boolean areParallel() {
    return !across.isEmpty()
        && !down.isEmpty()
        && PAIRS.indexOf(across.charAt(0)) / 2 == PAIRS.indexOf(down.charAt(0)) / 2;
  }

  private static String direction(String word) {
    boolean valid =
        word.matches("[RLAPHF]{1,3}") && !word.matches(".*([RL].*[RL]|[AP].*[AP]|[HF].*[HF]).*");
    return valid ? word : "";
  }

  /**
   * The side of the patient at a point of the image. In an oblique view, whose axis also runs to
   * the front or back, left and right overlap, so the side is unknown.
   *
   * @param shareX share of the image's width, [0, 1]
   * @param shareY share of its height
   */
  String side(double shareX, double shareY) {
    boolean inRows = across.matches("[RL].*");
    String axis = inRows ? across : down;
    double share = inRows ? shareX : shareY;
    if (axis.matches("L[HF]?")) {
      return third(share, "right", "midline", "left");
    }
    return axis.matches("R[HF]?") ? third(share, "left", "midline", "right") : "unknown";
  }

  /**
   * The third of the patient, from head to foot, at a point of the image. In an axial slice, whose
   * columns run to the front or back, and in a slice without an orientation it is unknown; other
   * images without one are taken as upright.
   */
  String zone(double shareX, double shareY) {
    boolean inRows = across.matches("[HF].*");
    if (!inRows && (down.matches("[RLAP].*") || slice && down.isEmpty())) {
      return "unknown";
    }
    double share = inRows ? shareX : shareY;
    boolean upwards = (inRows ? across : down).startsWith("H");
    return third(upwards ? 1 - share : share, "upper", "mid", "lower");
  }

  static String third(double share, String first, String middle, String last) {
    return share < 1 / 3.0 ? first : share <= 2 / 3.0 ? middle : last;
  }
}
