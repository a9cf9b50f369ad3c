package org.m2ib.fhir.store;

import java.util.List;
import org.m2ib.cases.StoredResource;

/**
 * A part of what a search found.
 *
 * @param total how many it found in all
 * @param resources in order of their ids
 * @param more whether others follow
 */
public record ResourcePage(int total, List<StoredResource> resources, boolean more) {}
