package org.m2ib.routes;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * The age of a patient on the day of the study.
 *
 * @param stated PatientAge (0010,1010); null if absent or malformed
 * @param birth PatientBirthDate (0010,0030); null if absent or malformed
 * @param study StudyDate (0008,0020); null if absent or malformed
 */
record PatientAge(AgeRange.Years stated, LocalDate birth, LocalDate study) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

  /** Any day will do to compare a stated age with, if the study has none. */
  private static final LocalDate SOME_DAY = LocalDate.of(2001, 7, 15);

  static PatientAge of(DicomObject header) {
    return of(
        header.string(Tags.PatientAge),
        header.string(Tags.PatientBirthDate),
        header.string(Tags.StudyDate));
  }

  static PatientAge of(String stated, String birth, String study) {
    return new PatientAge(years(stated), date(birth), date(study));
  }

  private static AgeRange.Years years(String text) {
    try {
      return text == null ? null : AgeRange.Years.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static LocalDate date(String text) {
    try {
      return text == null ? null : LocalDate.parse(text.strip(), DATE);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private boolean hasDates() {
    return birth != null && study != null && !study.isBefore(birth);
  }

  boolean isStated() {
    return stated != null || hasDates();
  }

  /**
   * Whether the age is in a range; empty if that is not known: nothing is stated, the statements
   * contradict each other, or a stated number of years is too coarse.
   */
  Optional<Boolean> within(AgeRange range) {
    List<Optional<Boolean>> known = new ArrayList<>();
    if (stated != null) {
      LocalDate day = study == null ? SOME_DAY : study;
      LocalDate youngest = day.minus(stated.period());
      LocalDate oldest = day.minus(stated.period(stated.number() + 1)).plusDays(1);
      known.add(within(range, oldest, youngest, day));
    }
    if (hasDates()) {
      known.add(within(range, birth, birth, study));
    }
    List<Boolean> decided = known.stream().flatMap(Optional::stream).distinct().toList();
    return decided.size() == 1 ? Optional.of(decided.get(0)) : Optional.empty();
  }

  private static Optional<Boolean> within(
      AgeRange range, LocalDate oldest, LocalDate youngest, LocalDate day) {
    List<Optional<Boolean>> bounds = new ArrayList<>();
    if (range.from() != null) {
      bounds.add(same(reached(range.from(), oldest, day), reached(range.from(), youngest, day)));
    }
    if (range.below() != null) {
      bounds.add(
          same(!reached(range.below(), oldest, day), !reached(range.below(), youngest, day)));
    }
    if (bounds.contains(Optional.of(false))) {
      return Optional.of(false);
    }
    return bounds.contains(Optional.<Boolean>empty()) ? Optional.empty() : Optional.of(true);
  }

  private static boolean reached(AgeRange.Years age, LocalDate born, LocalDate day) {
    return !day.isBefore(born.plus(age.period()));
  }

  private static Optional<Boolean> same(boolean a, boolean b) {
    return a == b ? Optional.of(a) : Optional.empty();
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (stated != null) {
      parts.add("PatientAge " + stated);
    }
    if (hasDates()) {
      parts.add(birth.until(study).getYears() + "Y by PatientBirthDate and StudyDate");
    }
    return parts.isEmpty()
        ? "neither PatientAge, nor PatientBirthDate with StudyDate"
        : String.join(", ", parts);
  }
}
