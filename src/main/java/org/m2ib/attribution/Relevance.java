package org.m2ib.attribution;

import java.util.List;

/**
 * A method's raw scores for one image and one sentence.
 *
 * @param map of the image's patches, [rows][columns] of the model's grid, in the method's unit
 * @param tokens of all tokens of the sentence, including start and end; null if the method has no
 *     text side
 * @param imageLoss loss at each step of the image side, before its update; empty if there are none
 * @param textLoss the text side's
 */
public record Relevance(
    double[][] map, double[] tokens, List<Double> imageLoss, List<Double> textLoss) {

  /** For a method without an optimisation loop. */
  public Relevance(double[][] map, double[] tokens) {
    this(map, tokens, List.of(), List.of());
  }
}
