package org.m2ib.worklist;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of a text, as the worklist finds them: in lower case, without accents. */
final class Words {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private Words() {}

  /**
   * Letters with accents are taken without them. A text of Han characters or kana has no spaces:
   * each of its characters is a word.
   */
  static Stream<String> of(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .replaceAll("(?<=[\\p{IsLatin}\\p{IsGreek}\\p{IsCyrillic}])\\p{M}+", "")
            .toLowerCase(Locale.ROOT)
            .replace("ß", "ss");
    return WORD.matcher(
            Pattern.compile("([\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}])")
                .matcher(plain)
                .replaceAll(" $1 "))
        .results()
        .map(MatchResult::group)
        .distinct();
  }
}
