package org.m2ib.clip;

import java.util.List;
import java.util.Optional;

/**
 * The two encoders of a model, which share an embedding space.
 *
 * @param image the image tower
 * @param text the text tower
 * @param sigmoid for a model trained with a sigmoid loss
 * @param unread tensors of the checkpoint that are not used
 */
public record Towers(
    ImageEncoder image, TextEncoder text, Optional<Sigmoid> sigmoid, List<String> unread) {

  /** Creates the towers of a model trained without a sigmoid loss. */
  public Towers(ImageEncoder image, TextEncoder text, List<String> unread) {
    this(image, text, Optional.empty(), unread);
  }
}
