package org.m2ib.judging;

/**
 * One answer to a question of a scheme.
 *
 * @param code unique in its question
 * @param agreement whether it agrees with what is judged; null if it says neither
 * @param last whether no further question has to be answered with it
 */
public record Choice(String code, Words display, Words meaning, Boolean agreement, boolean last) {}
