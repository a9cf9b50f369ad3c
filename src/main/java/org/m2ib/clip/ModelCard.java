package org.m2ib.clip;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;

/**
 * Identifies the model that made a map, with the statements of model-card.json. Its hash goes into
 * every derived identifier, so that maps of another model are other objects. A missing statement is
 * {@code ""}, a missing number null.
 *
 * @param name short name for captions, at most 64 characters (DICOM LO)
 * @param version the model's version
 * @param licence SPDX identifier or a sentence
 * @param hash SHA-256 of the model folder's files (name and content of each, in name order) as 64
 *     hexadecimal digits
 * @param warning what every output must say about this model, for example that its maps mean
 *     nothing
 * @param intendedUse what the model is for, and what it is not for
 * @param trainingData what it was trained on
 * @param layer layer chosen for its maps, see {@link ChosenSettings}
 * @param beta beta chosen for its maps
 * @param contrast sentences that this model can be asked about its images, one a subject; a method
 *     that contrasts a sentence with others uses them
 * @param evaluation evaluation figures
 * @param approvedBy who approved it for use here
 * @param approvedOn date of approval, ISO 8601
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
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> contrast,
    List<Evaluation> evaluation,
    String approvedBy,
    String approvedOn) {

  /**
   * One evaluation figure.
   *
   * @param data data set
   * @param figure name of the figure
   * @param date date of the evaluation, ISO 8601
   */
  public record Evaluation(String data, String figure, double value, String date) {}

  /** Accepts cards of older results, which state less. */
  public ModelCard {
    intendedUse = Objects.requireNonNullElse(intendedUse, "");
    trainingData = Objects.requireNonNullElse(trainingData, "");
    contrast = contrast == null ? List.of() : List.copyOf(contrast);
    evaluation = evaluation == null ? List.of() : List.copyOf(evaluation);
    approvedBy = Objects.requireNonNullElse(approvedBy, "");
    approvedOn = Objects.requireNonNullElse(approvedOn, "");
  }

  /** Creates a card with the basic statements only. */
  public ModelCard(String name, String version, String licence, String hash, String warning) {
    this(name, version, licence, hash, warning, "", "", null, null, List.of(), List.of(), "", "");
  }

  /** Returns who approved the model and when; {@code ""} if it is not approved. */
  public String approval() {
    return approvedBy.isEmpty() ? "" : approvedBy + ", " + approvedOn;
  }
}
