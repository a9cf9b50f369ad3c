package org.m2ib.judging;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a person had seen when they judged. */
public enum Stage {
  /** Image and report only. */
  BEFORE_MAP("before-map"),
  /** The map too. */
  WITH_MAP("with-map");

  private final String code;

  Stage(String code) {
    this.code = code;
  }

  /** Code used by the API and FHIR. */
  public String code() {
    return code;
  }

  /** Empty for an unknown code. */
  public static Optional<Stage> of(String code) {
    return Arrays.stream(values()).filter(v -> v.code.equals(code)).findFirst();
  }

  public static List<String> codes() {
    return Arrays.stream(values()).map(Stage::code).toList();
  }

  String named(Scheme scheme) {
    return "scheme " + scheme.code() + (this == BEFORE_MAP ? " before the map is shown" : "");
  }
}
