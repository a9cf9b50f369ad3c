package org.m2ib.lab.statistics;

/**
 * A figure and its 95 % interval. All NaN if there was nothing to measure.
 *
 * @param low 2.5th percentile of the resamples
 * @param high 97.5th percentile
 */
public record Interval(double value, double low, double high) {}
