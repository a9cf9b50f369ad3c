package org.m2ib.lab.experiments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.EncodedImage;
import org.m2ib.attribution.EncodedText;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.Method;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.attribution.Noise;
import org.m2ib.attribution.Relevance;
import org.m2ib.clip.ImageEncoder;

/** M2IB's image side with one deviation from the published form, for sweeps only. No text side. */
final class AlternativeBottleneck implements Method {
  /** The class token passes unchanged; only patches are bottlenecked. */
  static final String PATCHES = "m2ib, class token kept";

  /**
   * The state's channels are normalised to mean 0 and standard deviation 1 over the image's patches
   * before the bottleneck, and restored after it: the noise has the state's own scale, as in IBA
   * (arXiv 2001.00396; there over a data set).
   */
  static final String NORMALISED = "m2ib, normalised";

  /**
   * No bottleneck: each token's squared norm, half of which is part of the capacity as long as
   * nothing is replaced by noise. Independent of the sentence.
   */
  static final String LENGTH = "length of the state";

  private static final NDIndex ALL = new NDIndex(":");
  private static final float LEAST_DEVIATION = 1e-3f;

  private final String name;
  private final M2ibSettings settings;
  private final Noise noise;

  /**
   * @param name of the deviation
   * @param settings with a layer that the model has
   * @param manager receives its cached noise
   */
  AlternativeBottleneck(String name, M2ibSettings settings, NDManager manager) {
    this.name = name;
    this.settings = settings;
    this.noise = new Noise(manager, settings.seed() + "/vision");
  }

  /** Of one of the names above. */
  static MethodFactory factory(String name) {
    return new MethodFactory(
        new MethodCard(name, name, "a variant of M2IB's bottleneck", "bits", true, true, true),
        (model, settings, manager) -> new AlternativeBottleneck(name, settings, manager));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double bytesPerSentence() {
    return 1; // a phantom has few sentences
  }

  @Override
  public double flops(ImageEncoder image) {
    return name.equals(LENGTH)
        ? 0
        : InformationBottleneck.flops(settings, image.suffixFlops(settings.layer()));
  }

  @Override
  public List<Relevance> of(List<EncodedImage> images, EncodedText text) {
    EncodedImage image = images.get(0);
    if (images.stream().anyMatch(other -> other != image)) {
      throw new IllegalArgumentException(name + ": one image at a time");
    }
    if (name.equals(LENGTH)) {
      return Collections.nCopies(text.sentences().size(), length(image, text.manager()));
    }
    List<Relevance> all = new ArrayList<>();
    for (InformationBottleneck.Run run :
        name.equals(PATCHES) ? patches(image, text) : normalised(image, text)) {
      double[] tokens = new double[image.encoder().tokens(settings.layer())];
      int open = tokens.length - run.capacity().length;
      System.arraycopy(run.capacity(), 0, tokens, open, run.capacity().length);
      all.add(new Relevance(image.grid(tokens, settings.layer()), null, run.loss(), List.of()));
    }
    return all;
  }

  private Relevance length(EncodedImage image, NDManager step) {
    float[] squares =
        image.hidden(settings.layer()).get(step, ALL).square().sum(new int[] {2}).toFloatArray();
    double[] tokens = new double[squares.length];
    Arrays.setAll(tokens, i -> squares[i]);
    return new Relevance(image.grid(tokens, settings.layer()), null);
  }

  private List<InformationBottleneck.Run> patches(EncodedImage image, EncodedText text) {
    ImageEncoder encoder = image.encoder();
    int prefix = encoder.prefixTokens();
    NDArray state = image.hidden(settings.layer()).get(text.manager(), ALL); // (1, T, D)
    NDArray classToken = state.get(new NDIndex(":, :{}", prefix)); // (1, prefix, D)
    return run(
        state.get(new NDIndex(":, {}:", prefix)),
        z -> attachedTo(z, classToken).repeat(0, z.getShape().get(0)).concat(z, 1),
        encoder,
        text);
  }

  private List<InformationBottleneck.Run> normalised(EncodedImage image, EncodedText text) {
    ImageEncoder encoder = image.encoder();
    NDArray state = image.hidden(settings.layer()).get(text.manager(), ALL); // (1, T, D)
    NDArray patches = state.get(new NDIndex(":, {}:", encoder.prefixTokens()));
    int[] tokens = {1};
    NDArray mean = patches.mean(tokens, true); // (1, 1, D)
    NDArray deviation =
        patches.sub(mean).square().mean(tokens, true).sqrt().maximum(LEAST_DEVIATION);
    return run(
        state.sub(mean).div(deviation),
        z -> attachedTo(z, deviation).mul(z).add(attachedTo(z, mean)),
        encoder,
        text);
  }

  /**
   * @param bottlenecked (1, T', D)
   * @param complete makes the layer's state (B, T, D) of it
   */
  private List<InformationBottleneck.Run> run(
      NDArray bottlenecked,
      UnaryOperator<NDArray> complete,
      ImageEncoder encoder,
      EncodedText text) {
    NDArray targets = text.embeddings();
    return new InformationBottleneck(settings, noise)
        .run(
            bottlenecked.repeat(0, targets.getShape().get(0)),
            z -> encoder.suffix(complete.apply(z), settings.layer()),
            targets);
  }

  /** A view in the step's manager, so that results belong to the step. */
  private static NDArray attachedTo(NDArray step, NDArray constant) {
    NDManager manager = step.getManager();
    return constant.get(manager, ALL);
  }

  @Override
  public void close() {
    noise.close();
  }
}
