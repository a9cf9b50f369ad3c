package org.m2ib.clip;

import java.util.List;
import java.util.Optional;

/**
 * The two encoders of a model, into one space.
 *
 * @param image the image tower
 * @param text the text tower
 * @param sigmoid of a model that was trained with one
 * @param unread tensors of the checkpoint that are not needed here
 */
public record Towers(
    ImageEncoder image, TextEncoder text, Optional<Sigmoid> sigmoid, List<String> unread) {

  /** For a model that only has the cosine. */
  public Towers(ImageEncoder image, TextEncoder text, List<String> unread) {
    this(image, text, Optional.empty(), unread);
  }
}
