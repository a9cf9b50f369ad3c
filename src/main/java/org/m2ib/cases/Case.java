package org.m2ib.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * One study and one report, or one of the two while the other is awaited.
 *
 * @param reason why it is where it is, for a person to read, without patient data; {@code ""} when
 *     there is nothing to say
 * @param revision counts changes of images and report: what was made for an older one is out of
 *     date
 * @param images whether an image is here
 * @param study its identifiers, those of the study filled up from the report
 * @param reportArrival the arrival that holds its report; null until one is here
 */
public record Case(
    UUID id,
    CaseState state,
    String reason,
    int revision,
    boolean images,
    StudyKey study,
    Long reportArrival,
    Instant createdAt,
    Instant updatedAt) {}
