package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import org.m2ib.attribution.EncodedImage;
import org.m2ib.attribution.EncodedText;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;

/**
 * One image and one sentence, and their similarity s as a function of what a method changes: the
 * cosine of both embeddings, one of them fixed. Shapes: B variants, T tokens, D width, E the common
 * space.
 */
final class Pair {
  private static final NDIndex ALL = new NDIndex(":");

  private final EncodedImage image;
  private final EncodedText text;
  private final Tokens tokens;
  private final NDManager manager;
  private final NDArray imageDirection;
  private final NDArray textDirection;

  /**
   * @param manager receives all tensors, and is closed by its creator
   */
  Pair(EncodedImage image, EncodedText text, int sentence, NDManager manager) {
    this.image = image;
    this.text = text;
    this.tokens = text.sentences().get(sentence);
    this.manager = manager;
    this.imageDirection = InformationBottleneck.unit(image.embedding().get(manager, ALL)); // (1, E)
    this.textDirection =
        InformationBottleneck.unit(
            text.embeddings().get(manager, new NDIndex("{}:{}", sentence, sentence + 1))); // (1, E)
  }

  NDManager manager() {
    return manager;
  }

  EncodedImage image() {
    return image;
  }

  ImageEncoder imageEncoder() {
    return image.encoder();
  }

  TextEncoder textEncoder() {
    return text.encoder();
  }

  Tokens tokens() {
    return tokens;
  }

  /** Index of the pooled text token. */
  int pooled() {
    return text.encoder().pooled(tokens);
  }

  /** The sentence's embedding as a unit vector, (1, E). */
  NDArray textDirection() {
    return textDirection;
  }

  /** (1, 3, S, S). */
  NDArray pixels() {
    return image.pixels().get(manager, ALL);
  }

  /** (1, T, D) behind a layer. */
  NDArray imageHidden(int layer) {
    return image.hidden(layer).get(manager, ALL);
  }

  /** (1, T, D) behind a layer. */
  NDArray textHidden(int layer) {
    return text.encoder().prefix(manager, List.of(tokens), layer);
  }

  /** s of image embeddings (B, E) with the sentence: (B). */
  NDArray imageFit(NDArray embeddings) {
    return InformationBottleneck.unit(embeddings).mul(textDirection).sum(new int[] {1});
  }

  /** s of image states behind a layer (B, T, D): (B). */
  NDArray imageFit(NDArray hidden, int layer) {
    return imageFit(image.encoder().suffix(hidden, layer));
  }

  /** s of text states behind a layer (B, T, D): (B). */
  NDArray textFit(NDArray hidden, int layer) {
    return textFit(text.encoder().suffix(hidden, List.of(tokens), layer));
  }

  /** s of text embeddings (B, E) with the image: (B). */
  NDArray textFit(NDArray embeddings) {
    return InformationBottleneck.unit(embeddings).mul(imageDirection).sum(new int[] {1});
  }
}
