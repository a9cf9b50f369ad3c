package org.m2ib.cases;

/**
 * A case as a list shows it.
 *
 * @param sentences results that hold, one for each sentence and image
 * @param lowestSimilarity the least image-text similarity of these; null where none has one
 * @param alarms how many of these have an alarm in their audit; 1 where the case has one of its own
 *     and they have none
 * @param judged how many of these a person has judged
 */
public record CaseSummary(
    Case theCase, int sentences, Double lowestSimilarity, int alarms, int judged) {}
