package org.m2ib.clip.layers;

import org.m2ib.clip.TextEncoder;

/** A text tower of embedded tokens and layers; how it pools is said by what extends it. */
public abstract class LayeredText implements TextEncoder {
  protected final TextTransformer.Embedding embedding;
  protected final Layers layers;

  protected LayeredText(TextTransformer.Embedding embedding, Layers layers) {
    this.embedding = embedding;
    this.layers = layers;
  }

  @Override
  public final int layers() {
    return layers.count();
  }

  @Override
  public final int width() {
    return layers.width();
  }

  @Override
  public final int context() {
    return embedding.context();
  }

  @Override
  public final int vocabulary() {
    return embedding.vocabulary();
  }
}
