package org.m2ib.lab.experiments;

import java.util.List;
import org.m2ib.lab.statistics.Scored;

/**
 * What one picture gave: a line of a results file.
 *
 * @param number names the picture, and what was done with it, within its file
 * @param failures one line each: what could not be asked, and why
 */
record ScoredAnswers(long number, List<Scored> scored, List<String> failures) {}
