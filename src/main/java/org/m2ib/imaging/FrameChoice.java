package org.m2ib.imaging;

/**
 * Selects a frame of a multi-frame object.
 *
 * @param number of the frame, counted from 1; 0 for the middle one
 */
public record FrameChoice(int number) {
  public static final FrameChoice FIRST = new FrameChoice(1);
  public static final FrameChoice MIDDLE = new FrameChoice(0);

  public FrameChoice {
    if (number < 0) {
      throw new IllegalArgumentException("frame " + number + ": must be at least 1");
    }
  }

  /** Parses {@code first}, {@code middle} or a number. */
  public static FrameChoice parse(String text) {
    String word = text == null ? "" : text.strip();
    if (word.equals("first")) {
      return FIRST;
    }
    if (word.equals("middle")) {
      return MIDDLE;
    }
    if (!word.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException("frame '" + text + "': must be first, middle or a number");
    }
    return new FrameChoice(Integer.parseInt(word));
  }

  /**
   * The frame, counted from 1, in an object with this many; above that number if it does not exist.
   */
  int in(int frames) {
    return number == 0 ? (frames + 1) / 2 : number;
  }
}
