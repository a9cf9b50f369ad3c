package org.m2ib.lab.phantom;

import java.util.regex.Pattern;

/**
 * A report sentence and its meaning.
 *
 * @param text as dictated by a radiologist: capitalised, with a full stop
 */
public record PhantomSentence(String text, Statement statement) {
  private static final Pattern SIDE = Pattern.compile("\\b(?:[Rr]igh|[Ll]ef)t\\b");

  /**
   * The same sentence with the side swapped.
   *
   * @throws IllegalArgumentException if it names no side
   */
  public PhantomSentence mirrored() {
    if (statement.finding().side() == PhantomSide.NONE) {
      throw new IllegalArgumentException("says no side: " + text);
    }
    String other =
        SIDE.matcher(text)
            .replaceAll(
                side ->
                    switch (side.group()) {
                      case "right" -> "left";
                      case "Right" -> "Left";
                      case "left" -> "right";
                      default -> "Right";
                    });
    return new PhantomSentence(
        other, new Statement(statement.finding().mirrored(), statement.denied()));
  }
}
