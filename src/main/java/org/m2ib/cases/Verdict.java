package org.m2ib.cases;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A person's verdict on a sentence and on where its map points. */
public enum Verdict {
  /** The map points at what the sentence describes. */
  AGREE("agree"),
  /** The finding is in the image, but the map points elsewhere. */
  WRONG_PLACE("wrong-place"),
  /** The image does not show what the sentence says. */
  NO_SUCH_FINDING("no-such-finding"),
  /** The image does not allow a verdict. */
  CANNOT_TELL("cannot-tell");

  private final String code;

  Verdict(String code) {
    this.code = code;
  }

  /** Code used by the API and FHIR. */
  public String code() {
    return code;
  }

  /** Empty for an unknown code. */
  public static Optional<Verdict> of(String code) {
    return Arrays.stream(values()).filter(v -> v.code.equals(code)).findFirst();
  }

  public static List<String> codes() {
    return Arrays.stream(values()).map(Verdict::code).toList();
  }
}
