package org.m2ib.cases;

/**
 * A FHIR resource as JSON. What else it is found by is read from its body.
 *
 * @param type resource type, {@code Observation}
 * @param id logical id
 * @param studyInstanceUid of the study it speaks of; null where there is none
 * @param body JSON
 */
public record StoredResource(String type, String id, String studyInstanceUid, String body) {}
