package org.m2ib.cases;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a person says of a sentence and where its map points. */
public enum Verdict {
  /** The map points at what the sentence speaks of. */
  AGREE("agree"),
  /** The finding is in the image, the map points elsewhere. */
  WRONG_PLACE("wrong-place"),
  /** The image does not show what the sentence says. */
  NO_SUCH_FINDING("no-such-finding"),
  /** The image does not let one say. */
  CANNOT_TELL("cannot-tell");

  private final String code;

  Verdict(String code) {
    this.code = code;
  }

  /** As the API and FHIR name it. */
  public String code() {
    return code;
  }

  /** Empty for a code that is none. */
  public static Optional<Verdict> of(String code) {
    return Arrays.stream(values()).filter(v -> v.code.equals(code)).findFirst();
  }

  public static List<String> codes() {
    return Arrays.stream(values()).map(Verdict::code).toList();
  }
}
