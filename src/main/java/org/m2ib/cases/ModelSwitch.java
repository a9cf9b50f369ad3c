package org.m2ib.cases;

import java.time.Instant;

/**
 * A person made a model the default.
 *
 * @param model the new default
 * @param rollback whether it was a rollback to the previous one
 * @param person sign-in name
 * @param at time of the switch
 */
public record ModelSwitch(String model, boolean rollback, String person, Instant at) {}
