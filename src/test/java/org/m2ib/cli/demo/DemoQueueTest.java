package org.m2ib.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Discordance;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.metrics.Similarities;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.report.Sentence;
import org.m2ib.report.Side;

/** The queue that the demo opens with. */
class DemoQueueTest {

  private record Found(String study, Discordance discordance) {}

  @Test
  void theTwoPlantedErrorsLeadTheQueueAndSayWhy() {
    List<Found> queue = new ArrayList<>();
    try (ClipModel model = ClipModel.builtIn("cpu")) {
      for (DemoStudy study : DemoStudy.all()) {
        of(study, model).forEach(d -> queue.add(new Found(study.name(), d)));
      }
    }
    queue.sort(Comparator.comparingDouble((Found f) -> f.discordance().rank()).reversed());
    assertThat(queue.subList(0, 2))
        .extracting(f -> f.study() + ": " + f.discordance().reason())
        .containsExactlyInAnyOrder(
            "study-2: The report says the consolidation is on the right; the image fits \"left\""
                + " better.",
            "study-3: The report denies a pleural effusion; the image supports it.");
    assertThat(queue.subList(0, 2)).allMatch(f -> f.discordance().score() > 0.9);
  }

  private static List<Discordance> of(DemoStudy study, ClipModel model) {
    Similarities similarities = new Similarities(model);
    float[] image = similarities.embed(model.preprocessor().apply(study.phantom().image()));
    List<Sentence> sentences = new ArrayList<>();
    Map<Integer, SentenceFit> fits = new HashMap<>();
    Set<Integer> attributed = new HashSet<>();
    for (PhantomSentence said : study.report().sentences()) {
      String text = said.text();
      int index = sentences.size();
      String section = index < study.report().findings().size() ? "findings" : "impression";
      sentences.add(new Sentence(index, section, text, 0, text.length()));
      attributed.add(index);
      boolean denies = Negation.denies(text, Language.ENGLISH).orElse(true);
      fits.put(
          index,
          new SentenceFit(
              similarities.cosine(image, text),
              Negation.of(text, Language.ENGLISH)
                  .map(other -> (double) similarities.cosine(image, other))
                  .orElse(null),
              denies
                  ? null
                  : Side.other(text, Language.ENGLISH)
                      .map(other -> (double) similarities.cosine(image, other))
                      .orElse(null)));
    }
    Coefficients coefficients = Coefficients.of(model.card().hash()).orElseThrow();
    Evidence evidence = new Evidence(s -> similarities.cosine(image, s), coefficients);
    return new Finder(coefficients)
        .of(sentences, attributed, Language.ENGLISH, List.of(new Finder.Image(1, evidence, fits)));
  }
}
