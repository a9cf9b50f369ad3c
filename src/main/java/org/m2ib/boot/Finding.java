package org.m2ib.boot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the doctor found out about one part.
 *
 * @param name the part, as the configuration names it
 * @param found without secrets and patient data
 * @param advice what to do; empty if there is nothing to do
 */
public record Finding(String name, Condition status, String found, String advice) {

  /** How a part is, best first. */
  @Schema(enumeration = {"ok", "warning", "failed"})
  public enum Condition {
    OK,
    WARNING,
    FAILED;

    @Override
    @JsonValue
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String name, String found) {
    return new Finding(name, Condition.OK, found, "");
  }

  static Finding warning(String name, String found, String advice) {
    return new Finding(name, Condition.WARNING, found, advice);
  }

  static Finding failed(String name, String found, String advice) {
    return new Finding(name, Condition.FAILED, found, advice);
  }

  /**
   * All findings.
   *
   * @param status the worst of them
   */
  public record Examination(Condition status, List<Finding> checks) {
    static Examination of(List<Finding> checks) {
      Condition worst =
          checks.stream().map(Finding::status).max(Enum::compareTo).orElse(Condition.OK);
      return new Examination(worst, List.copyOf(checks));
    }
  }
}
