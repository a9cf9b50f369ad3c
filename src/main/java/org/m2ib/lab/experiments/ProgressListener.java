package org.m2ib.lab.experiments;

/** Receives the progress of a long run. */
public interface ProgressListener {

  /**
   * @param done number of total finished by an earlier run
   */
  void start(int done, int total);

  /** One more is finished; called by several threads. */
  void advance();

  /** The run is over, whether successful or not. */
  void end();
}
