package org.m2ib.discordance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.m2ib.report.Language;
import org.m2ib.report.Sentence;

/** Finds where one report and the images of its study may disagree; see docs/discordance.md. */
public final class Finder {
  private final Coefficients coefficients;

  /**
   * @param coefficients of the model; null if none were made for it, and then there is no score
   */
  public Finder(Coefficients coefficients) {
    this.coefficients = coefficients;
  }

  /**
   * An image of the study.
   *
   * @param number as in the case, from 1
   * @param evidence null if the list's sentences were not asked, without coefficients
   * @param fits by index of the sentence in the report; a sentence without is not checked on it
   */
  public record Image(int number, Evidence evidence, Map<Integer, SentenceFit> fits) {}

  /**
   * @param report all its sentences; one that is not attributed still mentions a finding
   * @param attributed indices of those that are
   * @param language of the report
   * @return the most doubtful first
   */
  public List<Discordance> of(
      List<Sentence> report, Set<Integer> attributed, Language language, List<Image> images) {
    List<Discordance> all = new ArrayList<>();
    Set<StandardFinding> mentioned = new HashSet<>();
    List<TextRules.Said> said = new ArrayList<>();
    for (Sentence sentence : report) {
      List<Claim> claims = Claim.in(sentence.text(), language.in(sentence.text()));
      claims.forEach(claim -> mentioned.add(claim.finding()));
      if (attributed.contains(sentence.index())) {
        claims.forEach(claim -> said.add(new TextRules.Said(sentence, claim)));
        worst(sentence, claims, images).ifPresent(all::add);
      }
    }
    all.addAll(TextRules.contradictions(said));
    if (language == Language.ENGLISH) {
      all.addAll(omitted(mentioned, images));
    }
    all.sort(Comparator.comparingDouble(Discordance::rank).reversed());
    return all;
  }

  /** The most doubtful kind of the most doubtful claim of a sentence. */
  private Optional<Discordance> worst(Sentence sentence, List<Claim> claims, List<Image> images) {
    return claims.stream()
        .flatMap(claim -> ofClaim(sentence, claim, images).stream())
        .max(Comparator.comparingDouble(Discordance::rank));
  }

  private List<Discordance> ofClaim(Sentence sentence, Claim claim, List<Image> images) {
    Map<Kind, Discordance> byKind = new EnumMap<>(Kind.class);
    for (Image image : images) {
      SentenceFit fit = image.fits().get(sentence.index());
      if (fit != null) {
        Map<String, Double> parts = parts(claim, fit, image.evidence());
        for (Kind kind : kinds(claim)) {
          Double logOdds = coefficients == null ? null : logOdds(kind, parts);
          Discordance found =
              new Discordance(
                  kind,
                  claim.finding().code(),
                  sentence.index(),
                  null,
                  image.number(),
                  beside(parts, kind, control -> TextFeatures.asked(control, sentence.text())),
                  logOdds,
                  Reasons.of(kind, claim));
          byKind.merge(kind, found, Finder::telling);
        }
      }
    }
    return List.copyOf(byKind.values());
  }

  /**
   * Of two images the one that can tell: any image that shows a finding supports it, and its side
   * and zone are those of the image that shows it best.
   */
  private static Discordance telling(Discordance one, Discordance other) {
    if (one.kind() == Kind.DENIED || one.kind() == Kind.OMITTED) {
      return one.rank() >= other.rank() ? one : other;
    }
    if (one.kind() == Kind.STATED) {
      return one.rank() <= other.rank() ? one : other;
    }
    return seen(one) >= seen(other) ? one : other;
  }

  private static double seen(Discordance found) {
    return found.parts().getOrDefault(Parts.SEEN, 0.0);
  }

  /** What can be wrong about a claim. */
  public static List<Kind> kinds(Claim claim) {
    if (claim.denied()) {
      return claim.limited() ? List.of() : List.of(Kind.DENIED);
    }
    List<Kind> kinds = new ArrayList<>(List.of(Kind.STATED));
    if (claim.onOneSide()) {
      kinds.add(claim.finding().device() ? Kind.DEVICE_POSITION : Kind.SIDE);
    }
    if (claim.inOneZone()) {
      kinds.add(Kind.LOCATION);
    }
    return kinds;
  }

  /** The parts of a claim's scores; those of {@code findings.txt} only with coefficients. */
  public Map<String, Double> parts(Claim claim, SentenceFit fit, Evidence evidence) {
    return Parts.of(claim, fit, evidence, coefficients != null);
  }

  /** Log-odds of a kind from its parts; needs coefficients. */
  public double logOdds(Kind kind, Map<String, Double> parts) {
    return coefficients.kinds().get(kind).logOdds(parts);
  }

  /** With the control's log-odds beside those that the score is made of. */
  private Map<String, Double> beside(
      Map<String, Double> parts, Kind kind, Function<Logistic, Map<String, Double>> features) {
    Logistic control = coefficients == null ? null : coefficients.textOnly().get(kind);
    if (control == null) {
      return parts;
    }
    Map<String, Double> all = new LinkedHashMap<>(parts);
    all.put(Parts.TEXT_ONLY, control.logOdds(features.apply(control)));
    return all;
  }

  private List<Discordance> omitted(Set<StandardFinding> mentioned, List<Image> images) {
    List<Discordance> all = new ArrayList<>();
    for (StandardFinding finding : StandardFinding.all()) {
      if (coefficients != null && !mentioned.contains(finding)) {
        images.stream()
            .map(
                image -> {
                  Map<String, Double> parts = Map.of(Parts.SEEN, image.evidence().seen(finding));
                  Map<String, Double> text = TextFeatures.notMentioned(finding);
                  return new Discordance(
                      Kind.OMITTED,
                      finding.code(),
                      null,
                      null,
                      image.number(),
                      beside(parts, Kind.OMITTED, control -> text),
                      logOdds(Kind.OMITTED, parts),
                      Reasons.omitted(finding));
                })
            .reduce(Finder::telling)
            .ifPresent(all::add);
      }
    }
    return all;
  }
}
