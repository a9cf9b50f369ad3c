package org.m2ib.judging;

import java.util.Set;
import java.util.UUID;

/**
 * Who looks at judgements.
 *
 * @param person sign-in name
 * @param awaited results that the person has still to judge in a campaign, uninfluenced
 */
public record Viewer(String person, Set<UUID> awaited) {}
