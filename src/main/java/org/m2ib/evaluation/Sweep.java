package org.m2ib.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.clip.ClipModel;
import org.m2ib.imaging.ModelInput;
import org.m2ib.phantom.FindingType;
import org.m2ib.phantom.Phantom;
import org.m2ib.phantom.PhantomGenerator;

/** The maps of a phantom's findings at each layer and with several weights of the capacity. */
final class Sweep implements AutoCloseable {
  private static final List<Double> BETAS = List.of(0.03, 0.1, 0.3, 1.0, 3.0);

  private final ClipModel model;
  private final List<Attributor> methods;
  private final PhantomGenerator generator = new PhantomGenerator();

  /** What one phantom gave. */
  record Result(long seed, List<Score> scores) {}

  /** What one map gave. */
  record Score(int layer, double beta, FindingType type, MapScore map) {}

  Sweep(ClipModel model, M2ibSettings settings) {
    this.model = model;
    this.methods = grid(model, settings).stream().map(s -> new Attributor(model, s)).toList();
  }

  /** The settings that are compared. */
  static List<M2ibSettings> grid(ClipModel model, M2ibSettings s) {
    M2ibSettings deepest =
        new M2ibSettings(
            Integer.MAX_VALUE, s.beta(), s.steps(), s.samples(), s.learningRate(), s.seed());
    return IntStream.rangeClosed(0, deepest.clampedTo(model.image(), model.text()).layer())
        .boxed()
        .flatMap(
            layer ->
                BETAS.stream()
                    .map(
                        beta ->
                            new M2ibSettings(
                                layer, beta, s.steps(), s.samples(), s.learningRate(), s.seed())))
        .toList();
  }

  Result of(long seed) {
    Phantom phantom = generator.make(seed);
    ModelInput input = Examination.input(model, phantom);
    List<Score> scores = new ArrayList<>();
    for (Attributor method : methods) {
      try (PreparedImage prepared = method.prepare(input)) {
        for (Question question : Question.of(phantom)) {
          double[][] map = prepared.map(question.sentence().text());
          scores.add(
              new Score(
                  method.settings().layer(),
                  method.settings().beta(),
                  question.located().finding().type(),
                  MapScore.of(map, question.located().mask(), input.geometry())));
        }
      }
    }
    return new Result(seed, scores);
  }

  @Override
  public void close() {
    methods.forEach(Attributor::close);
  }
}
