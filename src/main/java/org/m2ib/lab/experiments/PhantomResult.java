package org.m2ib.lab.experiments;

import java.util.List;

/** What one held-out phantom gave: a line of the results file. */
public record PhantomResult(
    long seed, List<FindingResult> findings, List<StatementResult> statements) {}
