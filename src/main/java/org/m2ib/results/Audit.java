package org.m2ib.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What can be said of a map without a truth to hold it against; docs/audit.md says what each figure
 * means. A figure is null where it cannot be had: of a flat map, of a method without noise, of a
 * sentence without a contrary, where its setting is off.
 *
 * @param entropy how spread out the map is: of its patches' shares, over that of an even map; 0 of
 *     a single patch, 1 of an even or flat map
 * @param shareOutsideBody share of the map that lies outside the body, [0, 1]
 * @param shareOnText share of it on burned-in text and markers, [0, 1]
 * @param shortcut whether that share is above the limit that is set
 * @param sentenceSide {@code left}, {@code right}, {@code both} or {@code none}: what the sentence
 *     names
 * @param sameSide whether the map points to that side of the patient; null where the sentence does
 *     not name one or denies something, the map points to the midline or nowhere, or the image does
 *     not say how the patient lies in it
 * @param seedAgreement Spearman's rank correlation with the maps of other noise, mean, [-1, 1]
 * @param negationAgreement the same with the map of the sentence's contrary
 * @param methodAgreement the same with the map of each other method, by its name
 * @param contrary the sentence's contrary and how well it fits the image; null where none is known,
 *     and of a result that is older than this
 * @param otherSide the same of the sentence with the other side; null of a sentence that names not
 *     one side or denies something: that of the other side may be as true
 */
public record Audit(
    Double entropy,
    Double shareOutsideBody,
    Double shareOnText,
    boolean shortcut,
    String sentenceSide,
    Boolean sameSide,
    Double seedAgreement,
    Double negationAgreement,
    Map<String, Double> methodAgreement,
    Alternative contrary,
    Alternative otherSide) {

  /**
   * What the sentence does not say.
   *
   * @param text as the model was asked
   * @param similarity cosine of image and text, [-1, 1]
   * @param fitsBetter whether that is above the sentence's own: an alarm
   */
  public record Alternative(String text, double similarity, boolean fitsBetter) {

    /**
     * @param own similarity of image and sentence
     * @return null where a similarity is not a number
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

  /** Whether a map lies on the side that its sentence names; null where that cannot be said. */
  public static Boolean sameSide(String sentenceSide, MapLocation place) {
    return switch (sentenceSide + " " + place.patientSide()) {
      case "left left", "right right" -> true;
      case "left right", "right left" -> false;
      default -> null;
    };
  }

  /** Why a person should look. */
  public enum Alarm {
    /** {@code contrary} fits better: the report or the model is wrong. */
    CONTRARY("contrary"),
    /** {@code otherSide} fits better: the same. */
    OTHER_SIDE("other-side"),
    /** The map lies on the other side, and the model could not be asked which side fits better. */
    MAP_SIDE("map-side"),
    /** Too much of the map is on burned-in text or a marker. */
    SHORTCUT("shortcut");

    private final String code;

    Alarm(String code) {
      this.code = code;
    }

    /** As {@code /api} names it. */
    public String code() {
      return code;
    }
  }

  /**
   * A map on the other side is none where the model, asked for both, finds that the sentence's own
   * side fits better: then it is the map that is beside the finding, not the sentence, and true
   * sentences would have alarms as false ones do.
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

  /** Whether there are alarms. */
  public boolean alarm() {
    return !alarms().isEmpty();
  }
}
