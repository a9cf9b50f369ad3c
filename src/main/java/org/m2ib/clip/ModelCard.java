package org.m2ib.clip;

import java.util.List;
import java.util.Objects;

/**
 * The model that made a map, and the statements of its model-card.json. Its hash is part of every
 * derived identifier, so another model's map is another object. Missing values are {@code ""}, null
 * for a number, or empty.
 *
 * @param name short name for captions, at most 64 characters (DICOM LO)
 * @param version the model's version
 * @param licence SPDX identifier or a sentence
 * @param hash SHA-256 of the model folder's files (name and content of each, in name order) as 64
 *     hexadecimal digits
 * @param warning included in every output, for example that its maps mean nothing
 * @param intendedUse what it is for, and what it is not for
 * @param trainingData what it was trained on
 * @param layer chosen for its maps, see {@link ChosenSettings}
 * @param beta chosen for its maps
 * @param evaluation its evaluation figures
 * @param approvedBy who approved its use here
 * @param approvedOn when, an ISO 8601 date
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
   * One evaluation figure.
   *
   * @param data the data set
   * @param figure name of the figure
   * @param date of the evaluation, an ISO 8601 date
   */
  public record Evaluation(String data, String figure, double value, String date) {}

  /** Cards in older results state less. */
  public ModelCard {
    intendedUse = Objects.requireNonNullElse(intendedUse, "");
    trainingData = Objects.requireNonNullElse(trainingData, "");
    evaluation = evaluation == null ? List.of() : List.copyOf(evaluation);
    approvedBy = Objects.requireNonNullElse(approvedBy, "");
    approvedOn = Objects.requireNonNullElse(approvedOn, "");
  }

  /** A card without further statements. */
  public ModelCard(String name, String version, String licence, String hash, String warning) {
    this(name, version, licence, hash, warning, "", "", null, null, List.of(), "", "");
  }

  /** Who approved it and when; {@code ""} if nobody did. */
  public String approval() {
    return approvedBy.isEmpty() ? "" : approvedBy + ", " + approvedOn;
  }
}
