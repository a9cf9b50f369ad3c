package org.m2ib.evaluation;

import java.util.List;

/**
 * What one picture gave: a line of a results file.
 *
 * @param number names the picture, and what was done with it, within its file
 * @param failures one line each: what could not be asked, and why
 */
record Answers(long number, List<Scored> scored, List<String> failures) {}
