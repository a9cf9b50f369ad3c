package org.m2ib.attribution;

import java.util.Collections;
import java.util.List;
import org.m2ib.clip.ImageEncoder;

/**
 * An attribution method: computes how much each patch of an image and each token of a sentence
 * contributes to their match. Thread-safe.
 */
public interface Method extends AutoCloseable {

  /** Its name in configuration and results, for example {@code m2ib}. */
  String name();

  /**
   * Each pair separately: the others in the batch only change the last digits.
   *
   * @param images one for each sentence, in order
   * @return one for each sentence, in order
   */
  List<Relevance> of(List<EncodedImage> images, EncodedText text);

  /** All sentences of one image. */
  default List<Relevance> of(EncodedImage image, EncodedText text) {
    return of(Collections.nCopies(text.sentences().size(), image), text);
  }

  /** Only the maps; a method that can compute them with less work overrides this. */
  default List<double[][]> maps(EncodedImage image, EncodedText text) {
    return of(image, text).stream().map(Relevance::map).toList();
  }

  /**
   * Cost of one map when image and sentence are already embedded: multiply-adds times two of its
   * passes through the image tower. A backward pass computes no gradients of weights and counts as
   * much as its forward pass; a run that may stop early is counted to its end. Computation outside
   * the tower is small and not counted.
   */
  double flops(ImageEncoder image);

  /**
   * Engine memory that one sentence needs while it runs, in bytes; determines the size of a batch.
   */
  double bytesPerSentence();

  @Override
  default void close() {}
}
