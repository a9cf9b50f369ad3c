package org.m2ib.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Checks of a map without ground truth; docs/audit.md explains each figure. A figure is null if it
 * cannot be computed: for a flat map, a method without noise, a sentence without a contrary, or if
 * its setting is off.
 *
 * @param entropy how diffuse the map is: entropy of its patches' shares relative to a uniform map;
 *     0 for a single patch, 1 for a uniform or flat map
 * @param shareOutsideBody share of the map outside the body, [0, 1]
 * @param shareOnText share of the map on burned-in text and markers, [0, 1]
 * @param shortcut whether that share is above the configured limit
 * @param language language in which the sentence's side and denial were read (BCP 47); {@code und}
 *     if it is not one that is understood, and then nothing is said of either; null in older
 *     results
 * @param sentenceSide {@code left}, {@code right}, {@code both} or {@code none}: the side named by
 *     the sentence; null if its language is not understood
 * @param sameSide whether the map points to that side of the patient; null if the sentence does not
 *     name exactly one or denies something, the map points to the midline or nowhere, or the
 *     orientation is unknown
 * @param seedAgreement mean Spearman rank correlation with the maps of other noise, [-1, 1]
 * @param negationAgreement the same with the map of the sentence's contrary
 * @param methodAgreement the same with the map of each other method, by its name
 * @param contrary the sentence's contrary and its similarity; null if none is known, and for older
 *     results
 * @param otherSide the same for the sentence with its side swapped; null if the sentence does not
 *     name exactly one side, or denies something, which may be true of both sides
 */
public record Audit(
    Double entropy,
    Double shareOutsideBody,
    Double shareOnText,
    boolean shortcut,
    String language,
    String sentenceSide,
    Boolean sameSide,
    Double seedAgreement,
    Double negationAgreement,
    Map<String, Double> methodAgreement,
    Alternative contrary,
    Alternative otherSide) {

  /** What each output says of a forced map. */
  public static final String FORCED = "Map forced, no explanation of the sentence";

  /**
   * An alternative to the sentence.
   *
   * @param text as given to the model
   * @param similarity cosine of image and text, [-1, 1]
   * @param fitsBetter whether that is above the sentence's own: an alarm
   */
  public record Alternative(String text, double similarity, boolean fitsBetter) {

    /**
     * @param own similarity of image and sentence
     * @return null if a similarity is NaN
     */
    public static Alternative of(String text, double similarity, double own) {
      return Double.isFinite(similarity) && Double.isFinite(own)
          ? new Alternative(text, similarity, similarity > own)
          : null;
    }
  }

  public Audit {
    entropy = finite(entropy);
    shareOutsideBody = finite(shareOutsideBody);
    shareOnText = finite(shareOnText);
    seedAgreement = finite(seedAgreement);
    negationAgreement = finite(negationAgreement);
  }

  private static Double finite(Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }

  /** Whether a map lies on the side named by its sentence; null if unknown. */
  public static Boolean sameSide(String sentenceSide, MapLocation place) {
    return switch (sentenceSide + " " + place.patientSide()) {
      case "left left", "right right" -> true;
      case "left right", "right left" -> false;
      default -> null;
    };
  }

  /** Reasons for a person to look. */
  public enum Alarm {
    /** {@code contrary} fits better: the report or the model is wrong. */
    CONTRARY("contrary"),
    /** {@code otherSide} fits better: the report or the model is wrong. */
    OTHER_SIDE("other-side"),
    /**
     * The map lies on the other side, and the sentence's side cannot be swapped to ask the model.
     */
    MAP_SIDE("map-side"),
    /** Too much of the map is on burned-in text or a marker. */
    SHORTCUT("shortcut");

    private final String code;

    Alarm(String code) {
      this.code = code;
    }

    /** Name in {@code /api}. */
    public String code() {
      return code;
    }
  }

  /**
   * A map on the other side is not an alarm if the model, asked for both, prefers the sentence's
   * own side. Then the map misses the finding but the sentence is right, and true sentences would
   * raise alarms like false ones.
   */
  public List<Alarm> alarms() {
    List<Alarm> alarms = new ArrayList<>();
    if (contrary != null && contrary.fitsBetter()) {
      alarms.add(Alarm.CONTRARY);
    }
    if (otherSide != null && otherSide.fitsBetter()) {
      alarms.add(Alarm.OTHER_SIDE);
    }
    if (otherSide == null && Boolean.FALSE.equals(sameSide)) {
      alarms.add(Alarm.MAP_SIDE);
    }
    if (shortcut) {
      alarms.add(Alarm.SHORTCUT);
    }
    return alarms;
  }

  /**
   * Whether the map is forced rather than an explanation. Every method draws a map for every
   * sentence, also for one that the model does not find in the image; then it is no explanation of
   * that sentence (docs/audit.md).
   *
   * @return true if the image fits an alternative better than the sentence; null if the audit knows
   *     no alternative
   */
  public Boolean forced() {
    List<Alternative> known = Stream.of(contrary, otherSide).filter(Objects::nonNull).toList();
    return known.isEmpty() ? null : known.stream().anyMatch(Alternative::fitsBetter);
  }

  /** Whether there are alarms. */
  public boolean alarm() {
    return !alarms().isEmpty();
  }
}
