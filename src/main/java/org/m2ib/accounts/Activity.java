package org.m2ib.accounts;

import java.time.Instant;

/**
 * An entry of the activity log.
 *
 * @param number grows with each entry
 * @param person sign-in name
 * @param address from which it was done; empty for the service itself
 * @param action lower-case words joined by hyphens
 * @param subject {@code kind/id}
 */
public record Activity(
    long number, Instant at, String person, String address, String action, String subject) {}
