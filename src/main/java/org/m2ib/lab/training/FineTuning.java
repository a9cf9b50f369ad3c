package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Autograd;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.PhantomSentence;

/**
 * Continues training an existing model on given images with the contrastive loss only (see {@link
 * Objective}); all weights of both towers change. The same plan uses the same images and questions
 * in the same order. Several may run in parallel.
 */
public final class FineTuning implements AutoCloseable {
  /** Share of the steps during which the learning rate rises. */
  private static final double WARM_UP = 0.1;

  private final Map<String, NDArray> weights = new LinkedHashMap<>();
  private final ClipModel model;

  /**
   * A training image.
   *
   * @param pixels in the form of the model's input, (3, S, S), normalised
   * @param findings true of it
   */
  public record Picture(float[] pixels, List<Finding> findings) {}

  /**
   * @param seed of the order and the questions
   * @param steps 0 leaves the model unchanged
   * @param batch images per step, drawn with replacement
   * @param rate highest learning rate
   */
  public record Plan(long seed, int steps, int batch, double rate) {}

  /**
   * @param load loads the model with its weights passed through a function
   */
  public FineTuning(Function<UnaryOperator<TensorSource>, ClipModel> load) {
    this.model = load.apply(Learning::new);
  }

  /** The model, which changes with each run; closed with this. */
  public ClipModel model() {
    return model;
  }

  /**
   * @throws ArithmeticException if the loss has no finite gradient
   */
  public void run(List<Picture> pictures, Plan plan) {
    RandomGenerator random = new SplittableRandom(plan.seed());
    try (NDManager manager = model.newSubManager()) {
      // a checkpoint does not contain these two; they start as in training from scratch
      NDArray scale = learnt(manager.zeros(new Shape(1)));
      NDArray bias = learnt(manager.zeros(new Shape(1)));
      Map<String, NDArray> all = new LinkedHashMap<>(weights);
      all.put("logit_scale", scale);
      all.put("logit_bias", bias);
      AdamW optimiser = new AdamW(manager, all);
      for (int i = 0; i < plan.steps(); i++) {
        List<Picture> seen =
            IntStream.of(random.ints(plan.batch(), 0, pictures.size()).toArray())
                .mapToObj(pictures::get)
                .toList();
        try (NDManager step = manager.newSubManager()) {
          Autograd.backward(() -> loss(step, seen, scale, bias, random));
          optimiser.step(step, i + 1, rate(plan, i));
        }
      }
    }
  }

  private NDArray loss(
      NDManager step, List<Picture> pictures, NDArray scale, NDArray bias, RandomGenerator random) {
    List<List<Finding>> findings = pictures.stream().map(Picture::findings).toList();
    List<PhantomSentence> sentences = new Questions(random).about(findings);
    NDArray image = model.image().embed(pixels(step, pictures)); // (B, E)
    NDArray text =
        model
            .text()
            .embed(step, Batch.tokens(Questions.texts(sentences), model.tokenizer())); // (N, E)
    return Objective.pairs(
        Objective.unit(image),
        Objective.unit(text),
        Questions.truth(step, findings, sentences),
        view(step, scale),
        view(step, bias));
  }

  private NDArray pixels(NDManager step, List<Picture> pictures) {
    int size = model.image().imageSize();
    int length = 3 * size * size;
    float[] pixels = new float[pictures.size() * length];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i).pixels(), 0, pixels, i * length, length);
    }
    return step.create(pixels, new Shape(pictures.size(), 3, size, size));
  }

  private static double rate(Plan plan, int step) {
    double share = (double) step / plan.steps();
    double warm = Math.min(1, (step + 1) / (WARM_UP * plan.steps()));
    return plan.rate() * warm * 0.5 * (1 + Math.cos(Math.PI * share));
  }

  private static NDArray learnt(NDArray values) {
    values.setRequiresGradient(true);
    return values;
  }

  /** Belongs to the step, so that results do too. */
  private static NDArray view(NDManager step, NDArray values) {
    return values.get(step, new NDIndex(":"));
  }

  @Override
  public void close() {
    model.close();
  }

  /** A checkpoint whose tensors are kept: the towers compute with the very arrays that change. */
  private final class Learning implements TensorSource {
    private final TensorSource checkpoint;

    private Learning(TensorSource checkpoint) {
      this.checkpoint = checkpoint;
    }

    @Override
    public String name() {
      return checkpoint.name();
    }

    @Override
    public Set<String> tensors() {
      return checkpoint.tensors();
    }

    @Override
    public long[] shape(String tensor) {
      return checkpoint.shape(tensor);
    }

    @Override
    public NDArray read(NDManager manager, String tensor) {
      NDArray values = learnt(checkpoint.read(manager, tensor));
      weights.put(tensor, values);
      return values;
    }
  }
}
