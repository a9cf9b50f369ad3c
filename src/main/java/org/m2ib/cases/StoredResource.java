package org.m2ib.cases;

/**
 * A FHIR resource as JSON, with what it is searched by; null where it has none.
 *
 * @param type resource type, {@code Observation}
 * @param id logical id
 * @param patientId value of the patient's identifier
 * @param studyInstanceUid of the study it speaks of
 * @param code what its code search finds
 * @param date ISO 8601 date, or date and time in UTC
 * @param body JSON
 */
public record StoredResource(
    String type,
    String id,
    String patientId,
    String studyInstanceUid,
    String code,
    String date,
    String body) {}
