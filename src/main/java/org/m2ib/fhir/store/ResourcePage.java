package org.m2ib.fhir.store;

import java.util.List;

/**
 * One page of search results.
 *
 * @param total number of matches on all pages; null if they were not counted
 * @param resources resources in the order of the search
 * @param more whether another page follows
 * @param last where this page ends, {@code ""} if it is empty
 */
public record ResourcePage(
    Integer total, List<StoredVersion> resources, boolean more, String last) {}
