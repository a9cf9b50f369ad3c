package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.m2ib.clip.ClipModel;
import org.m2ib.imaging.ModelInput;

/**
 * Says by one method which patches and which words carry the match of image and sentence. Threads
 * may share it. Close it to free what its method keeps; the model stays open.
 */
public final class Attributor implements AutoCloseable {
  /** What sentences that run together may take of the engine's memory, unless told otherwise. */
  public static final long MEMORY = 1L << 30;

  private final ClipModel model;
  private final NDManager manager;
  private final M2ib method;
  private final int together;

  public Attributor(ClipModel model, M2ibSettings settings) {
    this(model, settings, MEMORY);
  }

  /**
   * @param settings whose layer is clamped to the model's
   * @param memory bytes of the engine's memory, from which follows how many sentences of an image
   *     run together, one at least
   */
  public Attributor(ClipModel model, M2ibSettings settings, long memory) {
    this.model = model;
    this.manager = model.newSubManager();
    this.method = new M2ib(model, settings, manager);
    this.together = (int) Math.max(1, Math.min(64, memory / method.bytesPerSentence()));
  }

  /** The settings as they are used, with the layer clamped. */
  public M2ibSettings settings() {
    return method.settings();
  }

  /** How many sentences of an image run together at most. */
  public int together() {
    return together;
  }

  /**
   * Does once what all sentences of an image share.
   *
   * @throws IllegalArgumentException when the input is not of the model's size, or not finite
   */
  public PreparedImage prepare(ModelInput input) {
    NDManager image = manager.newSubManager();
    try {
      EncodedImage encoded =
          new EncodedImage(
              model.image(), image, model.pixels(image, input).duplicate(), settings().layer());
      return new PreparedImage(model, method, encoded, image, together);
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
