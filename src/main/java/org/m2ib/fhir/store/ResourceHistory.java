package org.m2ib.fhir.store;

import java.util.List;

/**
 * One page of a resource's history.
 *
 * @param total number of versions on all pages
 * @param versions the newest first
 * @param more whether another page follows
 */
public record ResourceHistory(int total, List<StoredVersion> versions, boolean more) {}
