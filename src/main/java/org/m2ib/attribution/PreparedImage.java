package org.m2ib.attribution;

/** An image whose front part has run; holds engine memory until it is closed. */
public interface PreparedImage extends AutoCloseable {

  /**
   * @param sentence text, cut at the model's context
   * @return does not depend on which sentences ran before
   * @throws IllegalArgumentException when the sentence has no token of its own
   */
  Attribution attribute(String sentence);

  /**
   * The map alone, for those who need no token scores and no figures: a fraction of the time.
   *
   * @return as {@link Attribution#bits}
   * @throws IllegalArgumentException when the sentence has no token of its own
   */
  double[][] map(String sentence);

  /**
   * @return cosine of image and sentence, [-1, 1]
   * @throws IllegalArgumentException when the sentence has no token of its own
   */
  double similarity(String sentence);

  @Override
  void close();
}
