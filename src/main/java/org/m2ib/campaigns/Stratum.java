package org.m2ib.campaigns;

/**
 * A part of a campaign's sample.
 *
 * @param name for the report
 * @param size how many sentences are drawn; fewer if there are fewer
 */
public record Stratum(String name, int size, Filter filter) {}
