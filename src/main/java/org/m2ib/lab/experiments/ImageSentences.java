package org.m2ib.lab.experiments;

import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Evidence;
import org.m2ib.discordance.SentenceFit;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.metrics.Similarities;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.report.Side;

/** What the discordance finder is told of an image and a sentence, without maps. */
final class ImageSentences {
  private final ClipModel model;
  private final Similarities similarities;

  ImageSentences(ClipModel model) {
    this.model = model;
    this.similarities = new Similarities(model);
  }

  /**
   * @return of length 1
   */
  float[] embed(DisplayImage image) {
    return similarities.embed(model.preprocessor().apply(image));
  }

  double similarity(float[] image, String sentence) {
    return similarities.cosine(image, sentence);
  }

  Evidence evidence(float[] image, Coefficients coefficients) {
    return new Evidence(sentence -> similarity(image, sentence), coefficients);
  }

  /** As an audit measures it, without maps. */
  SentenceFit fit(float[] image, String sentence) {
    boolean denies = Negation.denies(sentence, Language.ENGLISH).orElse(true);
    return new SentenceFit(
        similarity(image, sentence),
        Negation.of(sentence, Language.ENGLISH).map(s -> similarity(image, s)).orElse(null),
        denies
            ? null
            : Side.other(sentence, Language.ENGLISH).map(s -> similarity(image, s)).orElse(null));
  }
}
