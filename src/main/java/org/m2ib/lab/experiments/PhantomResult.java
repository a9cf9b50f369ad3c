package org.m2ib.lab.experiments;

import java.util.List;
import org.m2ib.lab.statistics.Scored;

/**
 * What one held-out phantom gave: a line of the results file.
 *
 * @param scored of each finding, the maps that {@link PhantomComparison} names
 */
public record PhantomResult(long seed, List<Scored> scored, List<StatementResult> statements) {}
