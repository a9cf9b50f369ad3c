package org.m2ib.cases;

/**
 * A FHIR resource as JSON. Its other search values are read from its body.
 *
 * @param type resource type, {@code Observation}
 * @param id logical id
 * @param studyInstanceUid its study; null if there is none
 * @param body JSON
 */
public record StoredResource(String type, String id, String studyInstanceUid, String body) {}
