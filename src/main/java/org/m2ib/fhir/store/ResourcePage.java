package org.m2ib.fhir.store;

import java.util.List;

/**
 * One page of search results.
 *
 * @param total number of matches on all pages; null if they were not counted
 * @param resources resources in order of their ids
 * @param more whether another page follows
 */
public record ResourcePage(Integer total, List<StoredVersion> resources, boolean more) {}
