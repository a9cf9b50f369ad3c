package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import org.m2ib.clip.loading.ClipModel;

/**
 * A method that can be chosen by its name: what is said of it, which models it is for, and how one
 * is made. Each method's class holds its own.
 *
 * @param card its name, title and source
 * @param needsClassToken whether it reads what a class token attends to, so that a model whose
 *     image tower has none is refused
 * @param maker makes one
 */
public record MethodFactory(MethodCard card, boolean needsClassToken, Maker maker) {

  /** Makes a method from a model, settings whose layer both towers have, and a manager. */
  public interface Maker {
    Method make(ClipModel model, M2ibSettings settings, NDManager manager);
  }

  /** A method for every model. */
  public MethodFactory(MethodCard card, Maker maker) {
    this(card, false, maker);
  }

  /** Whether it can say something about the model. */
  public boolean supports(ClipModel model) {
    return !needsClassToken || model.image().prefixTokens() > 0;
  }

  /**
   * @param settings with a layer that both towers have; each method reads those of them that its
   *     card names
   * @param manager takes what the method keeps
   * @throws IllegalArgumentException when the model is not of the kind that it supports
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
