package org.m2ib.lab.experiments;

import java.util.List;
import org.m2ib.lab.statistics.Scored;

/**
 * The results of one image: a line of a results file.
 *
 * @param number identifies the image and its evaluation within the file
 * @param failures one line each: what could not be evaluated, and why
 */
record ScoredAnswers(long number, List<Scored> scored, List<String> failures) {}
