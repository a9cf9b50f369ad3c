package org.m2ib.lab.collage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Sentences about one photograph of a collage. */
public final class CollageSentence {
  private static final List<String> WORDINGS =
      List.of("A photo of %s.", "A picture of %s.", "There is %s.");

  private CollageSentence() {}

  /** Number of wordings. */
  public static int wordings() {
    return WORDINGS.size();
  }

  /**
   * @param wording 0 to {@link #wordings} - 1
   */
  public static String of(Photograph photograph, int wording) {
    return WORDINGS.get(wording).formatted(photograph.phrase());
  }

  /** All words, in lower case, without punctuation. */
  public static List<String> words() {
    return Stream.concat(
            WORDINGS.stream(), Arrays.stream(Photograph.values()).map(Photograph::phrase))
        .flatMap(text -> Arrays.stream(text.toLowerCase(Locale.ROOT).split("[ .]+")))
        .filter(word -> !word.equals("%s"))
        .distinct()
        .toList();
  }
}
