package org.m2ib.lab.experiments;

import org.m2ib.lab.phantom.Statement;

/**
 * The result of a statement about a phantom.
 *
 * @param holds whether it is true of the phantom
 * @param similarity cosine of the image and of a sentence that expresses it
 */
public record StatementResult(Statement statement, boolean holds, float similarity) {}
