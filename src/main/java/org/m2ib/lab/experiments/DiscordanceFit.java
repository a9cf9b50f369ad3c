package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Claim;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.Logistic;
import org.m2ib.discordance.Parts;
import org.m2ib.discordance.StandardFinding;
import org.m2ib.discordance.TextFeatures;
import org.m2ib.lab.experiments.PhantomSimilarities.Seen;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.statistics.LogisticRegression;
import org.m2ib.report.Language;
import org.m2ib.report.Side;

/** Fits the coefficients of the discordance finder for one model on phantoms. */
final class DiscordanceFit {
  /** The parts of each kind's score. */
  static final Map<Kind, List<String>> FEATURES = new EnumMap<>(Kind.class);

  static {
    FEATURES.put(Kind.SIDE, List.of(Parts.OTHER_SIDE, Parts.ON_SIDE));
    FEATURES.put(Kind.DEVICE_POSITION, List.of(Parts.OTHER_SIDE, Parts.ON_SIDE));
    FEATURES.put(Kind.LOCATION, List.of(Parts.PERCENTILE, Parts.IN_ZONE));
    FEATURES.put(Kind.DENIED, List.of(Parts.CONTRARY, Parts.PERCENTILE, Parts.SEEN));
    FEATURES.put(Kind.STATED, List.of(Parts.CONTRARY, Parts.PERCENTILE, Parts.SEEN));
    FEATURES.put(Kind.OMITTED, List.of(Parts.SEEN));
  }

  private final PhantomSimilarities phantoms;

  DiscordanceFit(PhantomSimilarities phantoms) {
    this.phantoms = phantoms;
  }

  Coefficients fit(ClipModel model, Map<String, String> made) {
    String hash = model.card().hash();
    Map<String, Coefficients.Spread> sentences = new LinkedHashMap<>();
    StandardFinding.allSentences().forEach(s -> sentences.put(s, spread(s)));
    Coefficients spreads =
        new Coefficients(hash, made, sentences, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    Coefficients image =
        new Coefficients(
            hash, made, sentences, seen(spreads), left(spreads), zone(spreads), Map.of(), Map.of());
    return new Coefficients(
        hash,
        made,
        sentences,
        image.seen(),
        image.left(),
        image.zone(),
        kinds(image),
        textOnly(phantoms.all(), Dictation.words()));
  }

  private Coefficients.Spread spread(String sentence) {
    double[] all =
        phantoms.all().stream().mapToDouble(p -> phantoms.similarity(p, sentence)).toArray();
    double mean = DoubleStream.of(all).average().orElseThrow();
    double variance =
        DoubleStream.of(all).map(s -> (s - mean) * (s - mean)).average().orElseThrow();
    return new Coefficients.Spread(mean, Math.max(Math.sqrt(variance), 1e-9));
  }

  private Map<String, Logistic> seen(Coefficients spreads) {
    Map<String, Rows> rows = new LinkedHashMap<>();
    for (Seen phantom : phantoms.all()) {
      Evidence evidence = phantoms.evidence(phantom, spreads);
      for (StandardFinding finding : StandardFinding.all()) {
        rows.computeIfAbsent(finding.code(), f -> new Rows())
            .add(evidence.seenFeatures(finding), shown(phantom, finding) != null);
      }
    }
    return fitted(rows);
  }

  private Map<String, Logistic> left(Coefficients spreads) {
    Map<String, Rows> rows = new LinkedHashMap<>();
    for (Seen phantom : phantoms.all()) {
      Evidence evidence = phantoms.evidence(phantom, spreads);
      for (StandardFinding finding : StandardFinding.all()) {
        Finding shown = shown(phantom, finding);
        if (finding.sided() && shown != null) {
          rows.computeIfAbsent(finding.code(), f -> new Rows())
              .add(evidence.leftFeatures(finding), shown.side() == PhantomSide.LEFT);
        }
      }
    }
    return fitted(rows);
  }

  private Map<String, Logistic> zone(Coefficients spreads) {
    Map<String, Rows> rows = new LinkedHashMap<>();
    for (Seen phantom : phantoms.all()) {
      Evidence evidence = phantoms.evidence(phantom, spreads);
      for (StandardFinding finding : StandardFinding.all()) {
        Finding shown = shown(phantom, finding);
        if (finding.zoned() && shown != null) {
          Side side = shown.side() == PhantomSide.LEFT ? Side.LEFT : Side.RIGHT;
          for (org.m2ib.discordance.Zone zone : org.m2ib.discordance.Zone.values()) {
            rows.computeIfAbsent(finding.code(), f -> new Rows())
                .add(
                    evidence.zoneFeatures(finding, side, zone),
                    zone.name().equals(shown.zone().name()));
          }
        }
      }
    }
    return fitted(rows);
  }

  /**
   * The control that is shown beside each score, on the examples of {@link #kinds}.
   *
   * @param words that it sees
   */
  static Map<Kind, Logistic> textOnly(List<Seen> phantoms, List<String> words) {
    Map<Kind, Rows> rows = new EnumMap<>(Kind.class);
    FEATURES.keySet().forEach(kind -> rows.put(kind, new Rows()));
    for (Seen phantom : phantoms) {
      for (MadeErrors.Made made : phantom.errors().all()) {
        addText(rows, words, made.error(), made.wrong(), true);
        addText(rows, words, made.error(), made.twin(), false);
      }
      asIfOmitted(phantom)
          .forEach(
              (finding, shown) ->
                  rows.get(Kind.OMITTED).add(TextFeatures.notMentioned(finding), shown));
    }
    return byKind(rows, kind -> List.copyOf(rows.get(kind).first().keySet()));
  }

  private static void addText(
      Map<Kind, Rows> rows,
      List<String> words,
      MadeErrors.Error error,
      String sentence,
      boolean wrong) {
    if (sentence != null) {
      Map<String, Double> features = TextFeatures.none(words);
      TextFeatures.add(features, sentence);
      for (Claim claim : Claim.in(sentence, Language.ENGLISH)) {
        Kind kind = kind(error, claim);
        if (kind != null) {
          rows.get(kind).add(features, wrong);
        }
      }
    }
  }

  /** Findings that the report does not mention, and those shown, as if it did not. */
  static Map<StandardFinding, Boolean> asIfOmitted(Seen phantom) {
    Map<StandardFinding, Boolean> shownByFinding = new LinkedHashMap<>();
    for (StandardFinding finding : StandardFinding.all()) {
      boolean shown = shown(phantom, finding) != null;
      if (shown || !mentions(phantom, finding)) {
        shownByFinding.put(finding, shown);
      }
    }
    return shownByFinding;
  }

  private static Map<Kind, Logistic> byKind(
      Map<Kind, Rows> rows, Function<Kind, List<String>> features) {
    Map<Kind, Logistic> kinds = new EnumMap<>(Kind.class);
    rows.forEach((kind, of) -> kinds.put(kind, of.fitted(features.apply(kind))));
    return kinds;
  }

  private Map<Kind, Logistic> kinds(Coefficients image) {
    Map<Kind, Rows> rows = new EnumMap<>(Kind.class);
    FEATURES.keySet().forEach(kind -> rows.put(kind, new Rows()));
    Finder finder = new Finder(image);
    for (Seen phantom : phantoms.all()) {
      Evidence evidence = phantoms.evidence(phantom, image);
      for (MadeErrors.Made made : phantom.errors().all()) {
        if (made.wrong() == null) {
          continue;
        }
        add(rows, made.error(), made.wrong(), true, phantom, evidence, finder);
        if (made.twin() != null) {
          add(rows, made.error(), made.twin(), false, phantom, evidence, finder);
        }
      }
      asIfOmitted(phantom)
          .forEach(
              (finding, shown) ->
                  rows.get(Kind.OMITTED).add(Map.of(Parts.SEEN, evidence.seen(finding)), shown));
    }
    return byKind(rows, FEATURES::get);
  }

  private void add(
      Map<Kind, Rows> rows,
      MadeErrors.Error error,
      String sentence,
      boolean wrong,
      Seen phantom,
      Evidence evidence,
      Finder finder) {
    for (Claim claim : Claim.in(sentence, Language.ENGLISH)) {
      Kind kind = kind(error, claim);
      if (kind != null) {
        Map<String, Double> parts = finder.parts(claim, phantoms.fit(phantom, sentence), evidence);
        rows.get(kind).add(parts, wrong);
      }
    }
  }

  /** The question that an error is about; null for a contradiction, which asks no image. */
  static Kind kind(MadeErrors.Error error, Claim claim) {
    return switch (error) {
      case SIDE -> Kind.SIDE;
      case DEVICE_POSITION -> Kind.DEVICE_POSITION;
      case LOCATION -> Kind.LOCATION;
      case NEGATION, FALSE_FINDING -> claim.denied() ? Kind.DENIED : Kind.STATED;
      case OMITTED_FINDING, CONTRADICTION -> null;
    };
  }

  static boolean mentions(Seen phantom, StandardFinding finding) {
    return phantom.errors().correct().all().stream()
        .flatMap(sentence -> Claim.in(sentence, Language.ENGLISH).stream())
        .anyMatch(claim -> claim.finding().equals(finding));
  }

  /** The phantom's finding of the list's code; null if it has none. */
  static Finding shown(Seen phantom, StandardFinding finding) {
    return phantom.phantom().findings().stream()
        .map(Phantom.Located::finding)
        .filter(f -> f.type().name().equalsIgnoreCase(finding.code()))
        .findFirst()
        .orElse(null);
  }

  private static Map<String, Logistic> fitted(Map<String, Rows> rows) {
    Map<String, Logistic> fitted = new LinkedHashMap<>();
    rows.forEach((code, of) -> fitted.put(code, of.fitted(List.copyOf(of.first().keySet()))));
    return fitted;
  }

  /** Examples of one regression. */
  static final class Rows {
    private final List<Map<String, Double>> features = new ArrayList<>();
    private final List<Boolean> positive = new ArrayList<>();

    void add(Map<String, Double> row, boolean isPositive) {
      features.add(row);
      positive.add(isPositive);
    }

    boolean isEmpty() {
      return features.isEmpty();
    }

    Map<String, Double> first() {
      return features.get(0);
    }

    /** As if positives and negatives were equally many. A missing feature counts as the mean. */
    Logistic fitted(List<String> names) {
      Map<String, Double> means = new LinkedHashMap<>();
      names.forEach(
          name ->
              means.put(
                  name,
                  features.stream()
                      .filter(row -> row.get(name) != null)
                      .mapToDouble(row -> row.get(name))
                      .average()
                      .orElse(0)));
      List<double[]> rows =
          features.stream()
              .map(
                  row ->
                      names.stream()
                          .mapToDouble(name -> row.getOrDefault(name, means.get(name)))
                          .toArray())
              .toList();
      boolean[] labels = new boolean[rows.size()];
      int positives = 0;
      for (int i = 0; i < labels.length; i++) {
        labels[i] = positive.get(i);
        positives += labels[i] ? 1 : 0;
      }
      LogisticRegression fit = new LogisticRegression(rows, labels);
      double prior = Math.log((double) positives / (labels.length - positives));
      return new Logistic(
          names,
          DoubleStream.of(fit.means()).boxed().toList(),
          DoubleStream.of(fit.slopes()).boxed().toList(),
          fit.intercept() - prior);
    }
  }
}
