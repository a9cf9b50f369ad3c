package org.m2ib.cases;

import java.time.Instant;

/**
 * An acknowledged arrival that pairing could not process; it belongs to no case. Identifiers are as
 * received, null if absent.
 *
 * @param id order of arrival
 * @param kind {@code IMAGE}, {@code REPORT}, {@code PATIENT} or {@code ORDER}
 * @param setAsideAt when pairing last failed
 * @param reason why, in English words without patient data
 * @param reasonCode of {@link AsideReason}, for which a page has words in its language
 */
public record SetAsideArrival(
    long id,
    String kind,
    Instant receivedAt,
    Instant setAsideAt,
    String reason,
    String reasonCode,
    String studyInstanceUid,
    String accessionNumber,
    String orderNumber,
    String sopInstanceUid,
    String reportId) {}
