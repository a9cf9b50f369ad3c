package org.m2ib.lab.experiments;

import org.m2ib.lab.phantom.Finding;
import org.m2ib.metrics.MapScore;

/**
 * The results for one finding of a phantom.
 *
 * @param sentence given to the model
 * @param map of that sentence
 * @param another map of the same image for a sentence about another finding, scored against this
 *     finding's mask
 * @param random a random map
 * @param centre a map that decreases from the image's centre
 * @param sideRight 1 if the sentence scores higher than with its side swapped, 0 if lower, 0.5 if
 *     equal; null if the finding has no side
 */
public record FindingResult(
    Finding finding,
    String sentence,
    MapScore map,
    MapScore another,
    MapScore random,
    MapScore centre,
    Double sideRight) {}
