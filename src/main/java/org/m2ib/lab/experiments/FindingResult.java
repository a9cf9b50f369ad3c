package org.m2ib.lab.experiments;

import org.m2ib.lab.phantom.Finding;
import org.m2ib.metrics.MapScore;

/**
 * What one finding of a phantom gave.
 *
 * @param sentence that was asked
 * @param map of that sentence
 * @param another map of the same image for a sentence about another finding, scored against this
 *     finding's mask
 * @param random a map drawn by lot, patch by patch
 * @param centre a map that falls off from the image's centre
 * @param sideRight 1 where the sentence scores above the same with the other side, 0 where below,
 *     0.5 where equal; null where the finding has no side
 */
public record FindingResult(
    Finding finding,
    String sentence,
    MapScore map,
    MapScore another,
    MapScore random,
    MapScore centre,
    Double sideRight) {}
