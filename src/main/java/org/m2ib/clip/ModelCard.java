package org.m2ib.clip;

import java.util.List;
import java.util.Objects;

/**
 * Which model made a map, and what model-card.json states of it. Its hash goes into every derived
 * identifier, so another model's map is another object. What is not stated is {@code ""}, null of a
 * number, or empty.
 *
 * @param name short name for captions, at most 64 characters (DICOM LO)
 * @param version the model's version
 * @param licence SPDX identifier or a sentence
 * @param hash SHA-256 of the model folder's files (name and content of each, in name order) as 64
 *     hexadecimal digits
 * @param warning what every output must say about this model, for example that its maps mean
 *     nothing
 * @param intendedUse what it is for, and what it is not for
 * @param trainingData what it has learnt from
 * @param layer chosen for its maps, see {@link ChosenSettings}
 * @param beta chosen for its maps
 * @param evaluation figures of it
 * @param approvedBy who lets it be used here
 * @param approvedOn since when, an ISO 8601 date
 */
public record ModelCard(
    String name,
    String version,
    String licence,
    String hash,
    String warning,
    String intendedUse,
    String trainingData,
    Integer layer,
    Double beta,
    List<Evaluation> evaluation,
    String approvedBy,
    String approvedOn) {

  /**
   * One figure.
   *
   * @param data what it was found on
   * @param figure which figure it is
   * @param date when it was found, an ISO 8601 date
   */
  public record Evaluation(String data, String figure, double value, String date) {}

  /** Cards in results that are older state less. */
  public ModelCard {
    intendedUse = Objects.requireNonNullElse(intendedUse, "");
    trainingData = Objects.requireNonNullElse(trainingData, "");
    evaluation = evaluation == null ? List.of() : List.copyOf(evaluation);
    approvedBy = Objects.requireNonNullElse(approvedBy, "");
    approvedOn = Objects.requireNonNullElse(approvedOn, "");
  }

  /** A card that states no more. */
  public ModelCard(String name, String version, String licence, String hash, String warning) {
    this(name, version, licence, hash, warning, "", "", null, null, List.of(), "", "");
  }

  /** By whom and since when it is approved; {@code ""} where it is not. */
  public String approval() {
    return approvedBy.isEmpty() ? "" : approvedBy + ", " + approvedOn;
  }
}
