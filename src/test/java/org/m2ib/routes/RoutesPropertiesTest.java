package org.m2ib.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** The order of routes, their patterns and ages, against what they are defined to be. */
class RoutesPropertiesTest {
  private static final List<String> SOME = List.of("A", "B", "C");

  /** An image by its modality and body part; empty: absent. */
  record Image(String modality, String bodyPart) {
    DicomObject header() {
      DicomObject header = DicomObject.create();
      if (!modality.isEmpty()) {
        header.set(Tags.Modality, modality);
      }
      if (!bodyPart.isEmpty()) {
        header.set(Tags.BodyPartExamined, bodyPart);
      }
      return header;
    }
  }

  /** Conditions, by the values allowed; an empty list is no condition. */
  record Wanted(List<String> modalities, List<String> bodyParts) {
    boolean fits(Image image) {
      return (modalities.isEmpty() || modalities.contains(image.modality()))
          && (bodyParts.isEmpty() || bodyParts.contains(image.bodyPart()));
    }

    Route route(int n) {
      List<Condition> when = new ArrayList<>();
      add(when, Fact.MODALITY, modalities);
      add(when, Fact.BODY_PART_EXAMINED, bodyParts);
      return new Route("r" + n, when, Handling.CONFIGURED, n + 1);
    }

    private static void add(List<Condition> when, Fact fact, List<String> values) {
      if (!values.isEmpty()) {
        when.add(new Condition.OfFact(fact, values.stream().map(TextPattern::new).toList()));
      }
    }
  }

  @Provide
  Arbitrary<List<Image>> images() {
    Arbitrary<String> value = Arbitraries.of("", "A", "B", "C");
    return Combinators.combine(value, value).as(Image::new).list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Wanted>> routes() {
    Arbitrary<List<String>> values = Arbitraries.of(SOME).list().uniqueElements().ofMaxSize(2);
    return Combinators.combine(values, values).as(Wanted::new).list().ofMaxSize(5);
  }

  @Property
  void theFirstRouteThatOneImageFulfilsIsTaken(
      @ForAll("images") List<Image> images, @ForAll("routes") List<Wanted> wanted) {
    CaseFacts facts = new CaseFacts(ReportFacts.NONE);
    List<Route> routes = new ArrayList<>();
    String expected = null;
    for (int i = 0; i < images.size(); i++) {
      facts.add(new ImageFacts(i + 1, null, null, images.get(i).header()));
    }
    for (int n = 0; n < wanted.size(); n++) {
      Wanted route = wanted.get(n);
      routes.add(route.route(n));
      boolean always = route.modalities().isEmpty() && route.bodyParts().isEmpty();
      if (expected == null && (always || images.stream().anyMatch(route::fits))) {
        expected = "r" + n;
      }
    }
    Decision decision = new Routes("", Map.of(), routes).decide(facts);
    assertThat(decision.route().name()).isEqualTo(expected == null ? "default" : expected);
    assertThat(decision.passed())
        .extracting(passed -> passed.route().name())
        .isEqualTo(
            routes.stream()
                .map(Route::name)
                .takeWhile(r -> !r.equals(decision.route().name()))
                .toList());
    assertThat(decision.passed())
        .allSatisfy(passed -> assertThat(passed.checks()).anyMatch(check -> !check.holds()));
  }

  @Property
  void aPatternMatchesAsWildcardsDo(
      @ForAll("texts") String value, @ForAll("patterns") String pattern) {
    assertThat(new TextPattern(pattern).matches(value))
        .isEqualTo(like(pattern.toLowerCase(), value.strip().toLowerCase()));
  }

  private static boolean like(String pattern, String value) {
    if (pattern.isEmpty()) {
      return value.isEmpty();
    } else if (pattern.charAt(0) == '*') {
      return like(pattern.substring(1), value)
          || !value.isEmpty() && like(pattern, value.substring(1));
    }
    return !value.isEmpty()
        && (pattern.charAt(0) == '?' || pattern.charAt(0) == value.charAt(0))
        && like(pattern.substring(1), value.substring(1));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("aAb.()\\E").ofMaxLength(6);
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("aAb*?.()\\E").ofMinLength(1).ofMaxLength(5);
  }

  @Property
  void anAgeStatedInYearsCountsAsTheDatesDo(
      @ForAll @IntRange(min = 0, max = 40_000) int days,
      @ForAll @IntRange(min = 0, max = 36_500) int studyDay,
      @ForAll @IntRange(min = 0, max = 100) int from,
      @ForAll @IntRange(min = 0, max = 100) int below) {
    LocalDate study = LocalDate.of(1950, 1, 1).plusDays(studyDay);
    LocalDate birth = study.minusDays(days);
    int years = birth.until(study).getYears();
    AgeRange range = new AgeRange(new AgeRange.Years(from, 'Y'), new AgeRange.Years(below, 'Y'));
    Optional<Boolean> expected = Optional.of(years >= from && years < below);
    assertThat(new PatientAge(null, birth, study).within(range)).isEqualTo(expected);
    assertThat(new PatientAge(new AgeRange.Years(years, 'Y'), null, study).within(range))
        .isEqualTo(expected);
    assertThat(new PatientAge(new AgeRange.Years(years, 'Y'), birth, study).within(range))
        .isEqualTo(expected);
  }

  @Property
  void aCoarseAgeDecidesOnlyWhereEveryDayOfItAgrees(
      @ForAll @IntRange(min = 0, max = 3) int years,
      @ForAll @IntRange(min = 0, max = 60) int from,
      @ForAll @IntRange(min = 0, max = 60) int below) {
    LocalDate study = LocalDate.of(2024, 2, 29);
    AgeRange range = new AgeRange(new AgeRange.Years(from, 'M'), new AgeRange.Years(below, 'M'));
    Optional<Boolean> told =
        new PatientAge(new AgeRange.Years(years, 'Y'), null, study).within(range);
    LocalDate birth = study.minusYears(years);
    while (birth.until(study).getYears() == years) {
      if (told.isPresent()) {
        assertThat(new PatientAge(null, birth, study).within(range)).isEqualTo(told);
      }
      birth = birth.minusDays(1);
    }
  }
}
