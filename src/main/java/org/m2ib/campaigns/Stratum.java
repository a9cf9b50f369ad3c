package org.m2ib.campaigns;

/**
 * A part of a campaign's sample.
 *
 * @param name for the report
 * @param size how many sentences are drawn; fewer if there are fewer
 */
public record Stratum(String name, int size, Filter filter) {
  /** The name of the only one of a sample without strata; pages say it in the reader's language. */
  public static final String ALL = "all";
}
