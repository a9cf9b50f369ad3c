package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.metrics.Similarities;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.report.Side;

/** Phantoms as a model embeds them; their pixels are not kept. */
final class PhantomSimilarities {
  private final Similarities similarities;
  private final List<Seen> all = new ArrayList<>();

  /**
   * @param phantom without pixels and masks
   */
  record Seen(Phantom phantom, MadeErrors errors, float[] embedding) {}

  /**
   * @param seed of the first; the others count up
   * @param each is called after each phantom
   */
  PhantomSimilarities(ClipModel model, long seed, int phantoms, Runnable each) {
    this.similarities = new Similarities(model);
    PhantomGenerator generator = new PhantomGenerator();
    for (int i = 0; i < phantoms; i++) {
      Phantom phantom = generator.make(seed + i);
      float[] embedding = similarities.embed(model.preprocessor().apply(phantom.image()));
      Phantom light =
          new Phantom(
              phantom.seed(),
              phantom.size(),
              new float[0],
              phantom.findings().stream()
                  .map(f -> new Phantom.Located(f.finding(), new boolean[0]))
                  .toList());
      all.add(new Seen(light, new MadeErrors(light), embedding));
      each.run();
    }
  }

  List<Seen> all() {
    return all;
  }

  double similarity(Seen phantom, String sentence) {
    return similarities.cosine(phantom.embedding(), sentence);
  }

  Evidence evidence(Seen phantom, Coefficients coefficients) {
    return new Evidence(sentence -> similarity(phantom, sentence), coefficients);
  }

  /** As an audit measures it, without maps. */
  SentenceFit fit(Seen phantom, String sentence) {
    boolean denies = Negation.denies(sentence, Language.ENGLISH).orElse(true);
    return new SentenceFit(
        similarity(phantom, sentence),
        Negation.of(sentence, Language.ENGLISH).map(s -> similarity(phantom, s)).orElse(null),
        denies
            ? null
            : Side.other(sentence, Language.ENGLISH).map(s -> similarity(phantom, s)).orElse(null));
  }
}
