package org.m2ib.lab.phantom;

/** The patient's side: right is at the left edge of a frontal radiograph. */
public enum PhantomSide {
  RIGHT,
  LEFT,
  /** Central, bilateral, or not stated. */
  NONE;

  public PhantomSide other() {
    return switch (this) {
      case RIGHT -> LEFT;
      case LEFT -> RIGHT;
      case NONE -> NONE;
    };
  }
}
