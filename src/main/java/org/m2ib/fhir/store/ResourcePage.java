package org.m2ib.fhir.store;

import java.util.List;
import org.m2ib.cases.StoredResource;

/**
 * A page of a search's results.
 *
 * @param total number of results
 * @param resources in order of their ids
 * @param more whether others follow
 */
public record ResourcePage(int total, List<StoredResource> resources, boolean more) {}
