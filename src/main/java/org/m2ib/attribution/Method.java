package org.m2ib.attribution;

import java.util.List;

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

  /** Engine memory that one sentence takes while it runs, bytes; says how many run together. */
  double bytesPerSentence();

  @Override
  default void close() {}
}
