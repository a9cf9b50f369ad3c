package org.m2ib.lab.experiments;

import java.util.List;

/**
 * A study whose report is judged with and without made errors.
 *
 * @param correct its true sentences
 * @param whole whether those are the whole report, so that what it does not mention is omitted
 * @param made errors
 * @param images embeddings, of length 1
 */
record JudgedStudy(
    MadeErrors.Text correct, boolean whole, List<MadeErrors.Made> made, List<float[]> images) {}
