package org.m2ib.evaluation;

/** Whoever wants to know nothing of a run. */
final class Unwatched implements Watch {
  @Override
  public void start(int done, int total) {}

  @Override
  public void advance() {}

  @Override
  public void end() {}
}
