package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.m2ib.discordance.Claim;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.StandardFinding;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.lab.experiments.MadeErrors.Made;
import org.m2ib.lab.experiments.MadeErrors.Text;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.report.Side;

/**
 * Made errors in true sentences of a study whose images nobody drew: only those that the words
 * alone make wrong. Left out is what needs the whole report or the image: an added finding that the
 * image may have, an omitted one, a contradiction.
 */
final class SentenceErrors {
  /** A word for a zone, and the words of the same form for the others. */
  private static final List<List<String>> ZONES =
      List.of(
          List.of("upper", "mid", "lower"),
          List.of("apical", "basal"),
          List.of("basilar", "apical"),
          List.of("apex", "base"),
          List.of("apices", "bases"));

  private static final Pattern ZONE =
      Pattern.compile(
          "\\b(?:(upper|mid(?:dle)?|lower)(?= (?:lung )?(?:zones?|lungs?|fields?)\\b)"
              + "|(apical|apex|apices|basal|basilar|bases?))\\b",
          Pattern.CASE_INSENSITIVE);

  private final List<Said> said;
  private final List<Made> made = new ArrayList<>();

  /**
   * @param image index of the image that the sentence is about
   */
  record Said(String sentence, int image) {
    List<Claim> claims() {
      return Claim.in(sentence, Language.ENGLISH);
    }
  }

  private SentenceErrors(List<Said> said) {
    this.said = said;
    said.forEach(this::add);
  }

  /**
   * Each sentence's errors, at most one of each kind.
   *
   * @param said the sentences of one study, all true
   */
  static List<Made> of(List<Said> said) {
    return new SentenceErrors(said).made;
  }

  /** The sentences, each once. */
  static Text text(List<Said> said) {
    return new Text(said.stream().map(Said::sentence).distinct().toList(), List.of());
  }

  private void add(Said one) {
    List<Claim> claims = one.claims();
    if (claims.isEmpty()) {
      return;
    }
    Side.other(one.sentence(), Language.ENGLISH)
        .ifPresent(
            other -> {
              addMoved(Error.SIDE, one, other);
              addMoved(Error.DEVICE_POSITION, one, other);
            });
    elsewhere(one.sentence()).ifPresent(other -> addMoved(Error.LOCATION, one, other));
    negated(one, claims);
  }

  /** The same sentence with another side or zone, if every claim about it moves with it. */
  private void addMoved(Error error, Said one, String other) {
    List<Claim> own = about(error, one.claims());
    List<Claim> moved = about(error, Claim.in(other, Language.ENGLISH));
    boolean read =
        !own.isEmpty()
            && own.stream()
                .map(Claim::finding)
                .toList()
                .equals(moved.stream().map(Claim::finding).toList())
            && own.stream().noneMatch(moved::contains);
    if (read && moved.stream().noneMatch(claim -> isSaid(error, claim))) {
      put(error, one, other, one.sentence());
    }
  }

  private static List<Claim> about(Error error, List<Claim> claims) {
    return claims.stream()
        .filter(claim -> Finder.kinds(claim).contains(DiscordanceFit.kind(error, claim)))
        .toList();
  }

  /** Whether the study's sentences assert the finding at the other place, too. */
  private boolean isSaid(Error error, Claim moved) {
    return asserted(moved.finding().code())
        .anyMatch(
            claim -> {
              boolean side =
                  claim.side() == Side.BOTH
                      || moved.side() == Side.BOTH
                      || claim.side() == moved.side();
              return error == Error.LOCATION
                  ? claim.zone() == moved.zone()
                      && (side || claim.side() == Side.NONE || moved.side() == Side.NONE)
                  : side;
            });
  }

  private Stream<Claim> asserted(String finding) {
    return said.stream()
        .flatMap(s -> s.claims().stream())
        .filter(claim -> !claim.denied() && claim.finding().code().equals(finding));
  }

  /**
   * The contrary in the sentence's own words if it names no place, which would give away what was
   * asserted; else the finding's name alone, asserted and denied.
   */
  private void negated(Said one, List<Claim> claims) {
    boolean denied = claims.get(0).denied();
    if (claims.stream().anyMatch(claim -> claim.denied() != denied || claim.limited())) {
      return;
    }
    boolean placeless = claims.stream().allMatch(c -> c.side() == Side.NONE && c.zone() == null);
    if (denied
        && (!placeless
            || claims.stream().anyMatch(c -> asserted(c.finding().code()).findAny().isPresent()))) {
      return; // denied in one place: it may be in another
    }
    Optional<String> contrary =
        Negation.of(one.sentence(), Language.ENGLISH)
            .filter(text -> placeless && isContrary(Claim.in(text, Language.ENGLISH), claims));
    StandardFinding finding = claims.get(0).finding();
    put(
        Error.NEGATION,
        one,
        contrary.orElse(denied ? finding.asserted() : finding.denied()),
        contrary.isPresent() ? one.sentence() : denied ? finding.denied() : finding.asserted());
  }

  private static boolean isContrary(List<Claim> contrary, List<Claim> claims) {
    return contrary.size() == claims.size()
        && contrary.stream().noneMatch(c -> c.denied() == claims.get(0).denied() || c.limited());
  }

  private void put(Error error, Said one, String wrong, String twin) {
    List<String> report =
        text(said).findings().stream().map(s -> s.equals(one.sentence()) ? wrong : s).toList();
    made.add(new Made(error, wrong, twin, new Text(report, List.of()), one.image()));
  }

  /** The sentence with its only word for a zone replaced; which one, its own words decide. */
  private static Optional<String> elsewhere(String sentence) {
    Matcher zone = ZONE.matcher(sentence);
    if (!zone.find()) {
      return Optional.empty();
    }
    String word = zone.group();
    String before = sentence.substring(0, zone.start());
    String after = sentence.substring(zone.end());
    if (zone.find()) {
      return Optional.empty();
    }
    String known = word.toLowerCase(Locale.ROOT).replace("middle", "mid");
    List<String> others =
        ZONES.stream().filter(words -> words.contains(known)).findFirst().orElse(List.of()).stream()
            .filter(other -> !other.equals(known))
            .toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    String other = others.get(new Random(sentence.hashCode()).nextInt(others.size()));
    boolean capital = Character.isUpperCase(word.charAt(0));
    return Optional.of(
        before
            + (capital ? Character.toUpperCase(other.charAt(0)) + other.substring(1) : other)
            + after);
  }
}
