package org.m2ib.fhir.store;

import java.time.Instant;

/**
 * One version of a stored resource (FHIR R4 http.html#versions).
 *
 * @param type resource type
 * @param id logical id
 * @param version counted from 1; a resource that is stored again unchanged keeps it
 * @param updated when it was stored, to the millisecond
 * @param body JSON
 */
public record StoredVersion(String type, String id, int version, Instant updated, String body) {}
