package org.m2ib.routes;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One condition of a route. What is missing never fulfils it. */
public sealed interface Condition {

  /** Its key in the file: {@code modality}, {@code hl7.PV1-3.1}. */
  String key();

  /** What it asks for, as a person writes it. */
  String wanted();

  /**
   * @param image null if the study has no image
   */
  Check check(ImageFacts image, ReportFacts report);

  /**
   * What a condition was compared with.
   *
   * @param found the values, or why there is none
   */
  record Check(String key, String wanted, String found, boolean holds) {
    @Override
    public String toString() {
      return holds
          ? "%s: %s".formatted(key, found)
          : "%s: %s, not %s".formatted(key, found, wanted);
    }
  }

  private static Check compare(
      Condition of, List<TextPattern> patterns, List<String> values, String absent) {
    Optional<String> match =
        values.stream().filter(v -> patterns.stream().anyMatch(p -> p.matches(v))).findFirst();
    String found =
        values.isEmpty()
            ? absent
            : match.orElseGet(
                () ->
                    values.stream()
                        .limit(5)
                        .map(Condition::shown)
                        .collect(Collectors.joining(", ")));
    return new Check(of.key(), of.wanted(), shown(found), match.isPresent());
  }

  private static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > 128 ? line.substring(0, 128) + "…" : line;
  }

  private static String or(List<TextPattern> patterns) {
    return patterns.stream().map(TextPattern::toString).collect(Collectors.joining(" or "));
  }

  /** Compares an attribute of the image, or the language of the report. */
  record OfFact(Fact fact, List<TextPattern> patterns) implements Condition {
    @Override
    public String key() {
      return fact.key();
    }

    @Override
    public String wanted() {
      return or(patterns);
    }

    @Override
    public Check check(ImageFacts image, ReportFacts report) {
      if (fact.isOfReport()) {
        return compare(
            this, patterns, Fact.languages(report.language()), report.absent("none stated"));
      }
      return image == null
          ? new Check(key(), wanted(), "no image", false)
          : compare(this, patterns, image.values(fact), "absent");
    }
  }

  /** Compares a field of the HL7 message that brought the report. */
  record OfHl7(String path, List<TextPattern> patterns) implements Condition {
    @Override
    public String key() {
      return "hl7." + path;
    }

    @Override
    public String wanted() {
      return or(patterns);
    }

    @Override
    public Check check(ImageFacts image, ReportFacts report) {
      return report
          .hl7(path)
          .map(values -> compare(this, patterns, values, "absent"))
          .orElseGet(
              () ->
                  new Check(
                      key(), wanted(), report.absent("the report did not come by HL7 v2"), false));
    }
  }

  /** Compares the age of the patient on the day of the study. */
  record OfAge(AgeRange range) implements Condition {
    @Override
    public String key() {
      return RouteKey.PATIENT_AGE.key();
    }

    @Override
    public String wanted() {
      return range.toString();
    }

    @Override
    public Check check(ImageFacts image, ReportFacts report) {
      if (image == null) {
        return new Check(key(), wanted(), "no image", false);
      }
      Optional<Boolean> within = image.age().within(range);
      String found =
          image.age() + (within.isEmpty() && image.age().isStated() ? " (undecided)" : "");
      return new Check(key(), wanted(), found, within.orElse(false));
    }
  }
}
