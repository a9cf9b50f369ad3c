package org.m2ib.lab.experiments;

/** Who wants to know how far a long run is. */
public interface ProgressListener {

  /**
   * @param done of total, by an earlier run
   */
  void start(int done, int total);

  /** One more; called by several threads. */
  void advance();

  /** Nothing more comes, be it that all is done or that it failed. */
  void end();
}
