package org.m2ib.imaging;

/**
 * Which frame of a multi-frame object is looked at.
 *
 * @param number of the frame, counted from 1; 0 for the one in the middle
 */
public record FrameChoice(int number) {
  public static final FrameChoice FIRST = new FrameChoice(1);
  public static final FrameChoice MIDDLE = new FrameChoice(0);

  public FrameChoice {
    if (number < 0) {
      throw new IllegalArgumentException("frame " + number + ": must be at least 1");
    }
  }

  /** Reads {@code first}, {@code middle} or a number. */
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

  /** The frame, counted from 1, in an object with so many; above that number where it has none. */
  int in(int frames) {
    return number == 0 ? (frames + 1) / 2 : number;
  }
}
