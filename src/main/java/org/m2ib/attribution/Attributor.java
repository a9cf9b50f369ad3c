package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;

/**
 * Attributes the match of image and sentence to patches and words with one method. Thread-safe.
 * Closing it frees the method's memory; the model stays open.
 */
public final class Attributor implements AutoCloseable {
  /**
   * Default limit of the engine's memory for one batch of sentences, in bytes. It fits about five
   * of ViT-B/32; more gain nothing because their tensors exceed the processor's caches.
   */
  public static final long MEMORY = 1L << 29;

  private static final int MOST_TOGETHER = 64;

  private final ClipModel model;
  private final MethodFactory factory;
  private final NDManager manager;
  private final M2ibSettings settings;
  private final Method method;
  private final long memory;
  private final int batchSize;

  /**
   * @param factory of the method
   * @param settings whose layer is clamped to the model's
   * @param memory bytes of the engine's memory; determines how many sentences of an image run as
   *     one batch, at least one
   * @throws IllegalArgumentException if the method does not support the model
   */
  public Attributor(ClipModel model, MethodFactory factory, M2ibSettings settings, long memory) {
    this.model = model;
    this.factory = factory;
    this.settings = settings.clampedTo(model.image(), model.text());
    this.memory = memory;
    this.manager = model.newSubManager();
    try {
      this.method = factory.make(model, this.settings, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
    this.batchSize =
        (int) Math.max(1, Math.min(MOST_TOGETHER, memory / this.method.bytesPerSentence()));
  }

  /** Its name in configuration and results. */
  public String method() {
    return method.name();
  }

  /** The effective settings, with the layer clamped. */
  public M2ibSettings settings() {
    return settings;
  }

  /**
   * The same method with other noise.
   *
   * @param seed of the noise
   * @return to be closed; empty if the method is deterministic, so that its maps would be the same
   */
  public Optional<Attributor> reseeded(String seed) {
    return factory.card().seed()
        ? Optional.of(new Attributor(model, factory, settings.withSeed(seed), memory))
        : Optional.empty();
  }

  /**
   * Another method with the same model and settings.
   *
   * @return to be closed
   * @throws IllegalArgumentException if the method does not support the model
   */
  public Attributor of(MethodFactory other) {
    return new Attributor(model, other, settings, memory);
  }

  /** Maximum number of sentences of an image in one batch. */
  public int batchSize() {
    return batchSize;
  }

  /**
   * Computes what all sentences of an image share.
   *
   * @throws ConstantImageException if the input is constant
   * @throws IllegalArgumentException if it is not of the model's size or not finite
   */
  public PreparedImage prepare(ModelInput input) {
    if (input.constant()) {
      throw new ConstantImageException();
    }
    NDManager image = manager.newSubManager();
    try {
      EncodedImage encoded =
          new EncodedImage(
              model.image(), image, model.pixels(image, input).duplicate(), settings().layer());
      return new PreparedImage(model, method, settings, encoded, image, batchSize);
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  /** One image, one sentence. */
  public Attribution attribute(ModelInput input, String sentence) {
    return attribute(input, List.of(sentence)).get(0);
  }

  /** One image, many sentences; the results in order. */
  public List<Attribution> attribute(ModelInput input, List<String> sentences) {
    try (PreparedImage image = prepare(input)) {
      return image.attribute(sentences);
    }
  }

  @Override
  public void close() {
    method.close();
    manager.close();
  }
}
