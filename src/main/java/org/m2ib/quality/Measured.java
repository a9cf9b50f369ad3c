package org.m2ib.quality;

import java.util.Arrays;
import java.util.Optional;

/** A number of each result. */
enum Measured {
  /** Image-text similarity. */
  SIMILARITY("similarity", "similarity"),
  /** Entropy of the map, relative to a uniform one. */
  SPREAD("spread", "spread"),
  /** Share of the model's square where the map is above half. */
  HOT_AREA("hot-area", "hot_area"),
  /** Share of the map on burned-in text and markers. */
  ON_TEXT("on-text", "on_text"),
  /** Share of the map outside the body. */
  OUTSIDE_BODY("outside-body", "outside_body");

  final String code;
  final String column;

  Measured(String code, String column) {
    this.code = code;
    this.column = column;
  }

  static Optional<Measured> of(String code) {
    return Arrays.stream(values()).filter(m -> m.code.equals(code)).findFirst();
  }
}
