package org.m2ib.discordance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.m2ib.report.Sentence;
import org.m2ib.report.Side;

/** Contradictions within one report; no image is asked. */
final class TextRules {
  private static final Set<String> IMPRESSION = Set.of("impression", "conclusion");

  private TextRules() {}

  /** A claim and the sentence that makes it. */
  record Said(Sentence sentence, Claim claim) {
    boolean concludes() {
      return IMPRESSION.contains(sentence.section());
    }
  }

  /** At most one for each finding. */
  static List<Discordance> contradictions(List<Said> said) {
    List<Discordance> all = new ArrayList<>();
    for (StandardFinding finding : StandardFinding.all()) {
      List<Said> own = said.stream().filter(s -> s.claim().finding().equals(finding)).toList();
      presence(own).or(() -> betweenSections(own)).ifPresent(all::add);
    }
    return all;
  }

  /** One sentence denies what another asserts. */
  private static Optional<Discordance> presence(List<Said> own) {
    for (Said denial : own) {
      for (Said assertion : own) {
        if (denial.claim().denied()
            && !denial.claim().limited()
            && !assertion.claim().denied()
            && covers(denial.claim(), assertion.claim())) {
          return Optional.of(contradiction(denial, assertion, "absent", "present"));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a denial is of all places where the assertion may have the finding. */
  private static boolean covers(Claim denial, Claim assertion) {
    boolean side =
        denial.side() == Side.NONE
            || denial.side() == assertion.side()
            || denial.side() == Side.BOTH && assertion.side() != Side.NONE
            || assertion.side() == Side.BOTH;
    boolean zone = denial.zone() == null || denial.zone() == assertion.zone();
    return side && zone;
  }

  /** Findings and impression assert it, but not on the same side, in the same zone or so large. */
  private static Optional<Discordance> betweenSections(List<Said> own) {
    return differ(own, s -> sides(s.claim()), sides -> words(sides))
        .or(
            () ->
                differ(
                    own,
                    s -> s.claim().zone() == null ? Set.of() : Set.of(s.claim().zone()),
                    zones -> "in the " + zones.iterator().next().word() + " zone"))
        .or(
            () ->
                differ(
                    own,
                    s -> extents(s.claim()),
                    extents -> extents.contains(Extent.SLIGHT) ? "slight" : "severe"));
  }

  /**
   * @param values of a claim; none if it does not say
   */
  private static <T> Optional<Discordance> differ(
      List<Said> own, Function<Said, Set<T>> values, Function<Set<T>, String> words) {
    Map<Boolean, List<Said>> halves =
        own.stream()
            .filter(s -> !s.claim().denied() && !values.apply(s).isEmpty())
            .collect(Collectors.partitioningBy(Said::concludes));
    Set<T> found = all(halves.get(false), values);
    Set<T> concluded = all(halves.get(true), values);
    if (found.isEmpty() || concluded.isEmpty() || found.stream().anyMatch(concluded::contains)) {
      return Optional.empty();
    }
    return Optional.of(
        contradiction(
            halves.get(false).get(0),
            halves.get(true).get(0),
            words.apply(found),
            words.apply(concluded)));
  }

  private static <T> Set<T> all(List<Said> said, Function<Said, Set<T>> values) {
    return said.stream().flatMap(s -> values.apply(s).stream()).collect(Collectors.toSet());
  }

  private static Set<Side> sides(Claim claim) {
    return switch (claim.side()) {
      case LEFT -> EnumSet.of(Side.LEFT);
      case RIGHT -> EnumSet.of(Side.RIGHT);
      case BOTH -> EnumSet.of(Side.LEFT, Side.RIGHT);
      case NONE -> Set.of();
    };
  }

  /** Moderate is near to both. */
  private static Set<Extent> extents(Claim claim) {
    return claim.extent() == null
        ? Set.of()
        : claim.extent() == Extent.MODERATE
            ? EnumSet.of(Extent.SLIGHT, Extent.SEVERE)
            : EnumSet.of(claim.extent());
  }

  private static String words(Set<Side> sides) {
    return sides.size() > 1 ? "on both sides" : "on the " + Reasons.word(sides.iterator().next());
  }

  private static Discordance contradiction(Said one, Said other, String first, String second) {
    boolean sections = one.concludes() != other.concludes();
    return new Discordance(
        Kind.CONTRADICTION,
        one.claim().finding().code(),
        one.sentence().index(),
        other.sentence().index(),
        null,
        Map.of(),
        null,
        Reasons.contradiction(
            sections ? "Findings and impression" : "Two sentences",
            one.claim().finding(),
            first,
            second));
  }
}
