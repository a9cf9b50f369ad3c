package org.m2ib.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * One study and one report, or one of the two while the other is awaited.
 *
 * @param reason why it is where it is, for a person to read, without patient data; {@code ""} when
 *     there is nothing to say
 * @param revision counts changes of images, report and wanted model: what was made for an older one
 *     is out of date
 * @param images whether an image is here
 * @param study its identifiers, those of the study filled up from the report
 * @param reportArrival the arrival that holds its report; null until one is here
 * @param model the name of the model that it is attributed by; null until that has begun, and again
 *     when images or report change
 */
public record Case(
    UUID id,
    CaseState state,
    String reason,
    int revision,
    boolean images,
    StudyKey study,
    Long reportArrival,
    String model,
    Instant createdAt,
    Instant updatedAt) {}
