package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;

/**
 * Says by one method which patches and which words carry the match of image and sentence. Threads
 * may share it. Close it to free what its method keeps; the model stays open.
 */
public final class Attributor implements AutoCloseable {
  /**
   * What sentences that run together may take of the engine's memory, unless told otherwise, bytes.
   * About five of ViT-B/32: more gain nothing, their tensors leave the processor's caches.
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
   * @param memory bytes of the engine's memory, from which follows how many sentences of an image
   *     run together, one at least
   * @throws IllegalArgumentException when the method does not support the model
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

  /** Its name, as configuration and results call it. */
  public String method() {
    return method.name();
  }

  /** The settings as they are used, with the layer clamped. */
  public M2ibSettings settings() {
    return settings;
  }

  /**
   * The same method with other noise.
   *
   * @param seed names the noise
   * @return to be closed; empty where the method draws none, so that its maps would be the same
   */
  public Optional<Attributor> reseeded(String seed) {
    return factory.card().seed()
        ? Optional.of(new Attributor(model, factory, settings.withSeed(seed), memory))
        : Optional.empty();
  }

  /** How many sentences of an image run together at most. */
  public int batchSize() {
    return batchSize;
  }

  /**
   * Does once what all sentences of an image share.
   *
   * @throws ConstantImageException when the input is constant
   * @throws IllegalArgumentException when it is not of the model's size or not finite
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

  /** One image, many sentences; the results in their order. */
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
