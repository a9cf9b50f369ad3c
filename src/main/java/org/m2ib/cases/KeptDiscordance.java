package org.m2ib.cases;

/**
 * A discordance that was found at any time.
 *
 * @param holds whether the latest run found it, too
 */
public record KeptDiscordance(StoredDiscordance found, boolean holds) {}
