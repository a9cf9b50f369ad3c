package org.m2ib.lab.phantom;

/**
 * One finding of a phantom, or one described by a sentence.
 *
 * @param side {@link PhantomSide#NONE} if the type has none, or a sentence does not state it
 * @param zone {@link Zone#NONE} if the type has none, or a sentence does not state it
 */
public record Finding(FindingType type, PhantomSide side, Zone zone) {

  /**
   * @throws IllegalArgumentException for a side or zone that the type cannot have
   */
  public Finding {
    if (side != PhantomSide.NONE && !type.sided()) {
      throw new IllegalArgumentException(type + " has no side, not " + side);
    }
    if (zone != Zone.NONE && !type.zoned()) {
      throw new IllegalArgumentException(type + " has no zone, not " + zone);
    }
  }

  /** The same on the other side. */
  public Finding mirrored() {
    return new Finding(type, side.other(), zone);
  }

  /** Whether this, in an image, matches the description {@code said}, as far as that goes. */
  public boolean fits(Finding said) {
    return type == said.type
        && (said.side == PhantomSide.NONE || side == said.side)
        && (said.zone == Zone.NONE || zone == said.zone);
  }
}
