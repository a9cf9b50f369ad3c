package org.m2ib.attribution;

import java.util.List;
import org.m2ib.clip.ImageEncoder;

/**
 * What differs between methods of attribution: how much each patch of an image and each token of a
 * sentence carries their match. Threads may share one.
 */
public interface Method extends AutoCloseable {

  /** As configuration and results call it, for example {@code m2ib}. */
  String name();

  /**
   * Each sentence by itself: which others come with it changes nothing but the last digits.
   *
   * @return of each sentence, in their order
   */
  List<Relevance> of(EncodedImage image, EncodedText text);

  /** The maps alone; a method that has less to do for them says so here. */
  default List<double[][]> maps(EncodedImage image, EncodedText text) {
    return of(image, text).stream().map(Relevance::map).toList();
  }

  /**
   * What one map takes when image and sentence are embedded: multiply-adds times two of its passes
   * through the image tower. A backward pass makes no gradient of a weight and counts as much as
   * its forward pass; a run that may stop early is counted to its end. What is computed beside the
   * tower is little, and left out.
   */
  double flops(ImageEncoder image);

  /** Engine memory that one sentence takes while it runs, bytes; says how many run together. */
  double bytesPerSentence();

  @Override
  default void close() {}
}
