package org.m2ib.lab.experiments;

/** Whoever wants to know nothing of a run. */
final class NoProgress implements ProgressListener {
  @Override
  public void start(int done, int total) {}

  @Override
  public void advance() {}

  @Override
  public void end() {}
}
