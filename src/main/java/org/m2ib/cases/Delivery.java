package org.m2ib.cases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * One row of the outbox: something of one case for one destination.
 *
 * @param destination {@code AET@host:port} or {@code stow:} and a base URL for DICOM objects, the
 *     base URL for a bundle, {@code mllp://host:port} for a message
 * @param attempts number of failed attempts
 * @param problem why the last attempt failed; {@code ""} if none did
 * @param opened number of times that new content was put into it
 */
public record Delivery(
    UUID id,
    UUID caseId,
    Kind kind,
    String destination,
    Status status,
    int attempts,
    String problem,
    int opened,
    Instant updatedAt) {

  /** What is sent; DICOM objects by C-STORE or STOW-RS. */
  public enum Kind {
    /** Secondary captures. */
    CAPTURES("secondary-capture"),
    /** Maps as numbers. */
    MAPS("parametric-map"),
    /** Segmentations of hot regions. */
    SEGMENTS("segmentation"),
    /** Presentation states with the outline of hot regions. */
    STATES("presentation-state"),
    /** Structured reports with the figures, and the root of all. */
    REPORTS("structured-report"),
    /** A selection of the images whose results have alarms. */
    KEYS("key-object-selection"),
    /** A page for people. */
    PAGE("encapsulated-pdf"),
    /** Rejection notes for objects whose results were withdrawn. */
    REJECTED(null),
    /** The transaction Bundle, by FHIR. */
    BUNDLE(null),
    /** The HL7 message, over MLLP. */
    MESSAGE(null),
    /**
     * A Bundle or message that only withdraws results, for a destination the case no longer goes
     * to.
     */
    REVOKED(null);

    private final String object;

    Kind(String object) {
      this.object = object;
    }

    /** Name of the DICOM object of results in {@code m2ib.delivery.objects}; null if it is none. */
    public String object() {
      return object;
    }

    /**
     * The kinds with these names, each once.
     *
     * @throws IllegalArgumentException if a name is unknown, or there is none
     */
    public static List<Kind> ofObjects(Collection<String> names) {
      List<Kind> kinds = new ArrayList<>();
      for (String name : names) {
        kinds.add(
            Arrays.stream(values())
                .filter(kind -> name.strip().equals(kind.object))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(unknown(name))));
      }
      if (kinds.isEmpty()) {
        throw new IllegalArgumentException(unknown(""));
      }
      return kinds.stream().distinct().toList();
    }

    private static String unknown(String name) {
      return "m2ib.delivery.objects: '%s' is none of %s"
          .formatted(name, String.join(", ", objects()));
    }

    /** The names of all DICOM objects of results. */
    public static List<String> objects() {
      return Arrays.stream(values()).map(Kind::object).filter(Objects::nonNull).toList();
    }
  }

  /** Progress of a delivery. */
  public enum Status {
    PENDING,
    /** Stored by the archive, which has not committed to it yet (DICOM PS3.4 J). */
    UNCOMMITTED,
    DELIVERED,
    /** Given up after the last attempt; a person must look at it. */
    DEAD,
    /**
     * It is not sent any more: the case's route no longer names the destination, or another FHIR
     * server's row has replaced it. The problem says which.
     */
    REPLACED;

    /** Whether it may still become delivered by itself. */
    public boolean isOpen() {
      return this == PENDING || this == UNCOMMITTED;
    }
  }
}
