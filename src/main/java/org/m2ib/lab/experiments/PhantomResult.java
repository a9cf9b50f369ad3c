package org.m2ib.lab.experiments;

import java.util.List;

/** The results of one held-out phantom: a line of the results file. */
public record PhantomResult(
    long seed, List<FindingResult> findings, List<StatementResult> statements) {}
