package org.m2ib.cases;

/**
 * A case as shown in a list.
 *
 * @param sentences number of valid results, one for each sentence and image
 * @param lowestSimilarity lowest image-text similarity of these; null if none has one
 * @param alarms number of these with an alarm in their audit; 1 if only the case itself has one
 * @param judged number of these that a person has judged
 */
public record CaseSummary(
    Case theCase, int sentences, Double lowestSimilarity, int alarms, int judged) {}
