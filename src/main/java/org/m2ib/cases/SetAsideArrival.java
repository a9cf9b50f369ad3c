package org.m2ib.cases;

import java.time.Instant;

/**
 * Something that was acknowledged and that pairing could not process; it belongs to no case. Its
 * identifiers are as they were received, and null where there are none.
 *
 * @param id order of arrival
 * @param kind {@code IMAGE} or {@code REPORT}
 * @param setAsideAt when pairing last failed
 * @param reason what failed and where, without patient data
 */
public record SetAsideArrival(
    long id,
    String kind,
    Instant receivedAt,
    Instant setAsideAt,
    String reason,
    String studyInstanceUid,
    String accessionNumber,
    String orderNumber,
    String sopInstanceUid,
    String reportId) {}
