package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;
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
    List<Scored> scored = new ArrayList<>();
    try (PreparedImage prepared = m2ib.prepare(input)) {
      List<Question> questions = Question.of(phantom);
      for (int i = 0; i < questions.size(); i++) {
        scored.addAll(ask(seed + "/" + (i + 1), questions.get(i), prepared, input, image, seed));
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
    return new PhantomResult(seed, scored, statements);
  }

  private List<Scored> ask(
      String id,
      Question question,
      PreparedImage prepared,
      ModelInput input,
      float[] image,
      long seed) {
    boolean[] mask = question.located().mask();
    double[][] map = prepared.map(question.sentence().text());
    double[][] another = prepared.map(question.another().text());
    double[][] random = Baselines.random(seed, map.length, map[0].length);
    float[] centre = Baselines.centre(input.geometry().sourceRows());
    Map<String, MapScore> scores = new LinkedHashMap<>();
    scores.put(PhantomComparison.SENTENCE, MapScore.of(map, mask, input.geometry()));
    scores.put(PhantomComparison.ANOTHER, MapScore.of(another, mask, input.geometry()));
    scores.put(PhantomComparison.RANDOM, MapScore.of(random, mask, input.geometry()));
    scores.put(PhantomComparison.CENTRE, MapScore.of(centre, mask, input.geometry(), map.length));
    String category = PhantomComparison.category(question.located().finding().type());
    List<Scored> scored = new ArrayList<>();
    scores.forEach(
        (method, score) -> {
          Map<String, Double> figures = new LinkedHashMap<>();
          figures.put(Localisation.POINTING, score.hit() ? 1.0 : 0.0);
          figures.put(Localisation.AUC, score.auc());
          if (method.equals(PhantomComparison.SENTENCE) && question.otherSide() != null) {
            figures.put(PhantomComparison.SIDE, sideRight(question, image));
          }
          scored.add(new Scored(id, String.valueOf(seed), category, method, figures));
        });
    return scored;
  }

  private double sideRight(Question question, float[] image) {
    float right = similarities.cosine(image, question.sentence().text());
    float wrong = similarities.cosine(image, question.otherSide().text());
    return right > wrong ? 1.0 : right < wrong ? 0.0 : 0.5;
  }

  /** The model's input for a phantom. */
  static ModelInput input(ClipModel model, Phantom phantom) {
    return model.preprocessor().apply(phantom.image());
  }

  @Override
  public void close() {
    m2ib.close();
  }
}
