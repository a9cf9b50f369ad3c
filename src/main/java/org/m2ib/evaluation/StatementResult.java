package org.m2ib.evaluation;

import org.m2ib.phantom.FindingType;

/**
 * A statement and a phantom.
 *
 * @param type that it speaks of
 * @param denied whether it says that there is none
 * @param holds whether it is true
 * @param similarity cosine
 */
public record StatementResult(FindingType type, boolean denied, boolean holds, float similarity) {}
