package org.m2ib.cases;

import java.time.Instant;

/**
 * A person made a model the default.
 *
 * @param model that is the default from then on
 * @param rollback whether that was back to the one before
 * @param person who: the name signed in with
 * @param at when
 */
public record ModelSwitch(String model, boolean rollback, String person, Instant at) {}
