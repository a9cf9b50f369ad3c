package org.m2ib.lab.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.Preprocessor;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.experiments.MethodComparison;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;

/**
 * Selects the examples shown for a comparison: the first of each category, by no other criterion.
 */
public final class ExampleChoice {
  private ExampleChoice() {}

  /**
   * @param maxExamples maximum number; with fewer categories, further first examples are added
   */
  public static List<ExamplePage.Example> of(
      MethodComparison.Outcome outcome, Dataset data, Preprocessor preprocessor, int maxExamples)
      throws IOException {
    Map<String, List<Scored>> byExample =
        outcome.scored().stream()
            .collect(
                Collectors.groupingBy(Scored::exampleId, LinkedHashMap::new, Collectors.toList()));
    Set<String> chosen = new LinkedHashSet<>();
    Set<String> categories = new TreeSet<>();
    byExample.forEach(
        (id, scored) -> {
          if (categories.add(scored.get(0).category())) {
            chosen.add(id);
          }
        });
    chosen.addAll(byExample.keySet());
    Map<String, Example> examples =
        IntStream.range(0, data.size())
            .mapToObj(data::example)
            .collect(Collectors.toMap(Example::id, e -> e));
    List<ExamplePage.Example> shown = new ArrayList<>();
    for (String id : chosen.stream().limit(maxExamples).toList()) {
      shown.add(shown(examples.get(id), byExample.get(id), preprocessor));
    }
    return shown;
  }

  private static ExamplePage.Example shown(
      Example example, List<Scored> scored, Preprocessor preprocessor) throws IOException {
    DisplayImage picture = example.picture().load();
    Geometry geometry = preprocessor.apply(picture).geometry();
    return new ExamplePage.Example(
        picture,
        example.sentence(),
        example.region().mask(picture.rows(), picture.columns()),
        scored.stream()
            .map(
                s ->
                    new ExamplePage.Mapped(
                        s.method(), Upsampling.toSource(s.map(), geometry), caption(s.figures())))
            .toList());
  }

  private static String caption(Map<String, Double> figures) {
    return String.format(
        Locale.ROOT,
        "%s, pixel AUC %.2f, drop %.1f",
        figures.get(Localisation.POINTING) > 0 ? "hit" : "MISS",
        figures.get(Localisation.AUC),
        figures.get(MethodComparison.DROP));
  }
}
