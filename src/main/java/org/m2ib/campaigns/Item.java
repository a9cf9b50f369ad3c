package org.m2ib.campaigns;

import java.util.UUID;

/**
 * A sentence of a campaign's sample, as it was drawn.
 *
 * @param number from 1, in the order in which it was drawn
 * @param stratum its name
 * @param resultId {@link org.m2ib.cases.StoredResult#id()}
 * @param position of the result in its case when it was drawn
 * @param readers how many persons judge it independently, 1 or 2
 */
public record Item(
    int number, String stratum, UUID caseId, UUID resultId, int position, int readers) {}
