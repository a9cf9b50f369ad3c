package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.Question;
import org.m2ib.metrics.MapScore;
import org.m2ib.metrics.Similarities;

/** Evaluates a model on one phantom. Thread-safe; the model is not closed here. */
final class PhantomEvaluation implements AutoCloseable {
  private final ClipModel model;
  private final Attributor m2ib;
  private final Similarities similarities;
  private final PhantomGenerator generator = new PhantomGenerator();

  PhantomEvaluation(ClipModel model, M2ibSettings settings) {
    this.model = model;
    this.m2ib = Methods.m2ib(model, settings);
    this.similarities = new Similarities(model);
  }

  /** The result depends on the seed only. */
  PhantomResult of(long seed) {
    Phantom phantom = generator.make(seed);
    ModelInput input = input(model, phantom);
    float[] image = similarities.embed(input);
    List<FindingResult> findings = new ArrayList<>();
    try (PreparedImage prepared = m2ib.prepare(input)) {
      for (Question question : Question.of(phantom)) {
        findings.add(ask(question, prepared, input, image, seed));
      }
    }
    List<StatementResult> statements =
        Question.statements(phantom).stream()
            .map(
                s ->
                    new StatementResult(
                        s.statement(),
                        phantom.shows(s.statement()),
                        similarities.cosine(image, s.text())))
            .toList();
    return new PhantomResult(seed, findings, statements);
  }

  private FindingResult ask(
      Question question, PreparedImage prepared, ModelInput input, float[] image, long seed) {
    boolean[] mask = question.located().mask();
    double[][] map = prepared.map(question.sentence().text());
    int rows = map.length;
    double[][] random = Baselines.random(seed, rows, map[0].length);
    float[] centre = Baselines.centre(input.geometry().sourceRows());
    return new FindingResult(
        question.located().finding(),
        question.sentence().text(),
        MapScore.of(map, mask, input.geometry()),
        MapScore.of(prepared.map(question.another().text()), mask, input.geometry()),
        MapScore.of(random, mask, input.geometry()),
        MapScore.of(centre, mask, input.geometry(), rows),
        sideRight(question, image));
  }

  private Double sideRight(Question question, float[] image) {
    PhantomSentence otherSide = question.otherSide();
    if (otherSide == null) {
      return null;
    }
    float right = similarities.cosine(image, question.sentence().text());
    float wrong = similarities.cosine(image, otherSide.text());
    return right > wrong ? 1.0 : right < wrong ? 0.0 : 0.5;
  }

  /** The model's input for a phantom. */
  static ModelInput input(ClipModel model, Phantom phantom) {
    return model
        .preprocessor()
        .apply(new DisplayImage(phantom.size(), phantom.size(), 1, phantom.pixels()));
  }

  @Override
  public void close() {
    m2ib.close();
  }
}
