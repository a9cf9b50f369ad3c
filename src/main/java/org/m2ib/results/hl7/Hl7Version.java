package org.m2ib.results.hl7;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Versions of HL7 v2 that results are sent in, in their order. */
public enum Hl7Version {
  V2_3("2.3"),
  V2_3_1("2.3.1"),
  V2_4("2.4"),
  V2_5("2.5"),
  V2_5_1("2.5.1"),
  V2_6("2.6"),
  V2_7("2.7"),
  V2_8("2.8");

  /** Where none is named. */
  public static final Hl7Version USUAL = V2_5_1;

  private final String id;

  Hl7Version(String id) {
    this.id = id;
  }

  /** As in MSH-12. */
  public String id() {
    return id;
  }

  /** MSH-9 has a third component since 2.3.1. */
  boolean namesStructure() {
    return compareTo(V2_3_1) >= 0;
  }

  /** NTE has a fourth field since 2.4. */
  boolean hasCommentType() {
    return compareTo(V2_4) >= 0;
  }

  /**
   * @throws IllegalArgumentException if results are not sent in this version
   */
  public static Hl7Version of(String id) {
    return Arrays.stream(values())
        .filter(version -> version.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "HL7 version '%s' is none of %s"
                        .formatted(
                            id,
                            Arrays.stream(values())
                                .map(Hl7Version::id)
                                .collect(Collectors.joining(", ")))));
  }
}
