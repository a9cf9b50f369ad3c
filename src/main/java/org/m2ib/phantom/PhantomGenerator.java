package org.m2ib.phantom;

import java.util.List;

/** Draws phantom radiographs: the same seed gives the same picture on every machine. */
public final class PhantomGenerator {
  /** Rows and columns. */
  public static final int SIZE = 224;

  /** A phantom with findings drawn by lot: none to three. */
  public Phantom make(long seed) {
    throw new UnsupportedOperationException();
  }

  /** A phantom with these findings; at most one of a type. */
  public Phantom make(long seed, List<Finding> findings) {
    throw new UnsupportedOperationException();
  }
}
