package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;

/** Phantoms as a model embeds them; their pixels are not kept. */
final class PhantomSimilarities {
  private final ImageSentences sentences;
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
    this.sentences = new ImageSentences(model);
    PhantomGenerator generator = new PhantomGenerator();
    for (int i = 0; i < phantoms; i++) {
      Phantom phantom = generator.make(seed + i);
      float[] embedding = sentences.embed(phantom.image());
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

  /** With at most one error of each kind. */
  List<JudgedStudy> studies() {
    return all.stream()
        .map(
            seen ->
                new JudgedStudy(
                    seen.errors().correct(), true, seen.errors().made(), List.of(seen.embedding())))
        .toList();
  }

  ImageSentences sentences() {
    return sentences;
  }

  double similarity(Seen phantom, String sentence) {
    return sentences.similarity(phantom.embedding(), sentence);
  }

  Evidence evidence(Seen phantom, Coefficients coefficients) {
    return sentences.evidence(phantom.embedding(), coefficients);
  }

  SentenceFit fit(Seen phantom, String sentence) {
    return sentences.fit(phantom.embedding(), sentence);
  }
}
