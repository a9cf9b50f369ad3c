package org.m2ib.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ModelInput;
import org.m2ib.metrics.BodyMask;
import org.m2ib.metrics.MapStatistics;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.metrics.TextMask;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.report.Side;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;

/** Checks maps without ground truth; see docs/audit.md. */
public final class Auditor implements AutoCloseable {

  /**
   * @param seeds number of maps with other noise that each map is compared with, 0 to 10
   * @param negation whether to compare with the map of the sentence's contrary
   * @param shortcutShare share of a map on burned-in text and markers above which an alarm is
   *     raised, 0 to 1
   */
  public record Settings(int seeds, boolean negation, double shortcutShare) {
    public Settings {
      if (seeds < 0 || seeds > 10) {
        throw new IllegalArgumentException("m2ib.audit.seeds = " + seeds + ": must be 0 to 10");
      }
      if (!(shortcutShare >= 0 && shortcutShare <= 1)) {
        throw new IllegalArgumentException(
            "m2ib.audit.shortcut-share = " + shortcutShare + ": must be 0 to 1");
      }
    }
  }

  private final Settings settings;
  private final List<Attributor> reseeded;

  /**
   * @param attributor makes the maps; it is not closed here
   */
  public Auditor(Settings settings, Attributor attributor) {
    this.settings = settings;
    String seed = attributor.settings().seed();
    this.reseeded =
        IntStream.rangeClosed(1, settings.seeds())
            .mapToObj(i -> attributor.reseeded(seed + "/audit-" + i))
            .flatMap(Optional::stream)
            .toList();
  }

  /** The same checks of another method's maps; to be closed. */
  public Auditor of(Attributor other) {
    return new Auditor(settings, other);
  }

  /**
   * Computes what all maps of one image share.
   *
   * @param prepared the same image, prepared by the attributor; it is not closed here
   * @param report language of the report
   */
  public OneImage prepare(
      DisplayImage image, ModelInput input, PreparedImage prepared, Language report) {
    return new OneImage(image, input, prepared, report);
  }

  @Override
  public void close() {
    reseeded.forEach(Attributor::close);
  }

  /** The maps of one image; holds engine memory until closed. */
  public final class OneImage implements AutoCloseable {
    private final Geometry geometry;
    private final boolean[] body;
    private final boolean[] text;
    private final PreparedImage prepared;
    private final Language report;
    private final List<PreparedImage> others = new ArrayList<>();

    private OneImage(
        DisplayImage image, ModelInput input, PreparedImage prepared, Language report) {
      this.geometry = input.geometry();
      this.body = BodyMask.of(image);
      this.text = TextMask.of(image);
      this.prepared = prepared;
      this.report = report;
      reseeded.forEach(attributor -> others.add(attributor.prepare(input)));
    }

    /**
     * @param sentences the sentences of one batch
     * @param maps for each sentence the delivered method's map and those of the additional methods
     * @param locations the locations of the delivered maps
     * @return audits of the delivered maps
     */
    public List<Audit> of(
        List<String> sentences, List<List<Attribution>> maps, List<MapLocation> locations) {
      List<List<double[][]>> reseededMaps =
          others.stream().map(image -> image.maps(sentences)).toList();
      List<double[][]> contraries = contraries(sentences);
      List<Audit.Alternative> denied = alternatives(sentences, maps, this::contrary);
      List<Audit.Alternative> otherSides = alternatives(sentences, maps, this::otherSide);
      List<Audit> audits = new ArrayList<>();
      for (int i = 0; i < maps.size(); i++) {
        int n = i;
        double[][] grid = maps.get(i).get(0).map();
        float[] map = Upsampling.toSource(grid, geometry);
        double onText = MapStatistics.share(map, text);
        Language language = report.in(sentences.get(i));
        String side =
            Side.in(sentences.get(i), language)
                .map(named -> named.name().toLowerCase(Locale.ROOT))
                .orElse(null);
        audits.add(
            new Audit(
                MapStatistics.entropy(grid),
                MapStatistics.shareOutside(map, body),
                onText,
                onText > settings.shortcutShare(),
                language.code(),
                side,
                Negation.denies(sentences.get(i), language).orElse(true)
                    ? null
                    : Audit.sameSide(side, locations.get(i)),
                mean(grid, reseededMaps.stream().map(all -> all.get(n)).toList()),
                contraries.get(i) == null
                    ? null
                    : RankCorrelation.spearman(grid, contraries.get(i)),
                byMethod(maps.get(i)),
                denied.get(i),
                otherSides.get(i)));
      }
      return audits;
    }

    private Optional<String> contrary(String sentence) {
      return Negation.of(sentence, report.in(sentence));
    }

    /** A denial may be true of both sides. */
    private Optional<String> otherSide(String sentence) {
      Language language = report.in(sentence);
      return Negation.denies(sentence, language).orElse(true)
          ? Optional.empty()
          : Side.other(sentence, language);
    }

    /** Similarities of the alternative sentences, in one pass; null where there is none. */
    private List<Audit.Alternative> alternatives(
        List<String> sentences,
        List<List<Attribution>> maps,
        Function<String, Optional<String>> alternative) {
      List<Optional<String>> texts = sentences.stream().map(alternative).toList();
      Iterator<Double> similarities =
          prepared.similarities(texts.stream().flatMap(Optional::stream).toList()).iterator();
      List<Audit.Alternative> all = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        double own = maps.get(i).get(0).similarity();
        all.add(
            texts
                .get(i)
                .map(text -> Audit.Alternative.of(text, similarities.next(), own))
                .orElse(null));
      }
      return all;
    }

    /** The maps of the sentences' contraries, all in one pass; null where there is none. */
    private List<double[][]> contraries(List<String> sentences) {
      List<Optional<String>> contraries =
          sentences.stream()
              .map(sentence -> settings.negation() ? contrary(sentence) : Optional.<String>empty())
              .toList();
      List<String> texts = contraries.stream().flatMap(Optional::stream).toList();
      Iterator<double[][]> maps =
          texts.isEmpty() ? Collections.emptyIterator() : prepared.maps(texts).iterator();
      List<double[][]> all = new ArrayList<>();
      contraries.forEach(contrary -> all.add(contrary.isPresent() ? maps.next() : null));
      return all;
    }

    @Override
    public void close() {
      others.forEach(PreparedImage::close);
    }
  }

  /** Correlation of the first map with each other one, by its method. */
  private static Map<String, Double> byMethod(List<Attribution> maps) {
    Map<String, Double> agreement = new LinkedHashMap<>();
    for (Attribution other : maps.subList(1, maps.size())) {
      agreement.put(other.method(), RankCorrelation.spearman(maps.get(0).map(), other.map()));
    }
    return agreement;
  }

  /** Mean rank correlation; null without other maps. */
  private static Double mean(double[][] grid, List<double[][]> others) {
    return others.isEmpty()
        ? null
        : others.stream()
            .mapToDouble(other -> RankCorrelation.spearman(grid, other))
            .average()
            .orElseThrow();
  }
}
