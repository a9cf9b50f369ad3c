package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import org.m2ib.clip.loading.ClipModel;

/**
 * A method that can be selected by name: its card, the models it supports, and how to create it.
 * Each method's class defines its own.
 *
 * @param card its name, title and source
 * @param needsClassToken whether it uses the attention of a class token, so that it refuses a model
 *     whose image tower has none
 * @param maker creates it
 */
public record MethodFactory(MethodCard card, boolean needsClassToken, Maker maker) {

  /** Creates a method from a model, settings whose layer both towers have, and a manager. */
  public interface Maker {
    Method make(ClipModel model, M2ibSettings settings, NDManager manager);
  }

  /** A method for every model. */
  public MethodFactory(MethodCard card, Maker maker) {
    this(card, false, maker);
  }

  /** Whether it supports the model. */
  public boolean supports(ClipModel model) {
    return !needsClassToken || model.image().prefixTokens() > 0;
  }

  /**
   * @param settings with a layer that both towers have; each method reads those named by its card
   * @param manager receives the method's tensors
   * @throws IllegalArgumentException if the method does not support the model
   */
  Method make(ClipModel model, M2ibSettings settings, NDManager manager) {
    if (!supports(model)) {
      throw new IllegalArgumentException(
          "method '"
              + card.name()
              + "' uses the attention of a class token, which the image tower of "
              + model.card().name()
              + " does not have");
    }
    return maker.make(model, settings, manager);
  }
}
