package org.m2ib.clip.tokenizers;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jsoup.parser.Parser;
import org.m2ib.clip.Token;

/**
 * A sentence after a family's text cleaning, which maps each character back to its original
 * position.
 */
public final class CleanText {
  private static final Pattern ENTITY = Pattern.compile("&[^\\s<&;]{1,32};?");

  /** Ligatures, half- and full-width letters, the ideographic space. */
  private static final Pattern FORMS =
      Pattern.compile(
          "[\\u0132\\u0133\\u0149\\u01C4-\\u01CC\\u01F1-\\u01F3\\uFB00-\\uFB06\\u3000\\uFF01-\\uFFEF]+");

  private static final Pattern SINGLE_QUOTE = Pattern.compile("[\\u02BC\\u2018-\\u201B]");
  private static final Pattern DOUBLE_QUOTE = Pattern.compile("[\\u201C-\\u201F]");

  /** All except tabs and line ends. */
  private static final Pattern CONTROL =
      Pattern.compile("[\\x00-\\x08\\x0B\\x0E-\\x1F\\x7F\\u206A-\\u206F\\uFEFF\\uFFF9-\\uFFFC]");

  /**
   * Sequences to compose: a letter with its marks, parts of a Korean syllable, letter-like signs.
   */
  private static final Pattern COMPOSED =
      Pattern.compile("\\P{M}\\p{M}+|[\\u1100-\\u11FF]{2,}|[\\u2126\\u212A\\u212B]");

  private static final Pattern UNDERSCORE = Pattern.compile("_");
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
  private static final Pattern BLANKS = Pattern.compile("(?U)\\s+");
  private static final Pattern OUTER_BLANKS = Pattern.compile("(?U)\\A\\s+|\\s+\\z");
  private static final Pattern CAPITAL = Pattern.compile("[\\p{IsUppercase}\\p{Lt}]");

  private final String original;
  private final String text;

  /** For each UTF-16 unit of the text, where its source begins and ends. */
  private final int[] starts;

  private final int[] ends;

  private CleanText(String original, String text, int[] starts, int[] ends) {
    this.original = original;
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  /** Returns the sentence unchanged. */
  public static CleanText unchanged(String sentence) {
    int n = sentence.length();
    return new CleanText(
        sentence, sentence, IntStream.range(0, n).toArray(), IntStream.rangeClosed(1, n).toArray());
  }

  /**
   * Cleans as OpenAI's and open_clip's code: unescapes HTML and applies ftfy.fix_text's handling of
   * quotes, ligatures, widths, control characters and composition. Text decoded with the wrong
   * character set is not repaired. The tokeniser handles whitespace and case.
   */
  public static CleanText repaired(String sentence) {
    CleanText whole = unchanged(sentence);
    // if the text may contain tags, ftfy leaves escapes and what they hide unchanged
    return (sentence.contains("<") ? whole : whole.unescaped())
        .replaced(FORMS, forms -> Normalizer.normalize(forms, Normalizer.Form.NFKC))
        .replaced(SINGLE_QUOTE, quote -> "'")
        .replaced(DOUBLE_QUOTE, quote -> "\"")
        .replaced(CONTROL, control -> "")
        .replaced(COMPOSED, letter -> Normalizer.normalize(letter, Normalizer.Form.NFC))
        .unescaped();
  }

  /**
   * Cleans as open_clip's {@code whitespace}: {@link #repaired}, with single blanks between words.
   */
  public static CleanText spaced(String sentence) {
    return repaired(sentence).spaced();
  }

  /** Cleans as open_clip's {@code lower}: {@link #spaced}, in lower case. */
  public static CleanText lowered(String sentence) {
    return repaired(sentence).spaced().lowered();
  }

  /** Cleans as open_clip's {@code canonicalize}: {@link #lowered}, without ASCII punctuation. */
  public static CleanText canonical(String sentence) {
    return repaired(sentence)
        .replaced(UNDERSCORE, underscore -> " ")
        .replaced(PUNCTUATION, mark -> "")
        .lowered()
        .spaced();
  }

  private CleanText spaced() {
    return replaced(OUTER_BLANKS, blanks -> "").replaced(BLANKS, blanks -> " ");
  }

  /**
   * Converts letter by letter only if the whole gets longer, because a sigma depends on its
   * position.
   */
  private CleanText lowered() {
    String whole = text.toLowerCase(Locale.ROOT);
    return whole.length() == text.length()
        ? new CleanText(original, whole, starts, ends)
        : replaced(CAPITAL, capital -> capital.toLowerCase(Locale.ROOT));
  }

  /** Unescapes twice, because text is often escaped once more on its way. */
  private CleanText unescaped() {
    UnaryOperator<String> plain = entity -> Parser.unescapeEntities(entity, false);
    return replaced(ENTITY, plain).replaced(ENTITY, plain);
  }

  /** Replaces matches. A replacement maps back to the whole match. */
  private CleanText replaced(Pattern pattern, UnaryOperator<String> by) {
    StringBuilder made = new StringBuilder();
    IntStream.Builder madeStarts = IntStream.builder();
    IntStream.Builder madeEnds = IntStream.builder();
    Matcher matcher = pattern.matcher(text);
    int at = 0;
    while (matcher.find()) {
      String replacement = by.apply(matcher.group());
      made.append(text, at, matcher.start()).append(replacement);
      Arrays.stream(starts, at, matcher.start()).forEach(madeStarts);
      Arrays.stream(ends, at, matcher.start()).forEach(madeEnds);
      for (int i = 0; i < replacement.length(); i++) {
        madeStarts.add(starts[matcher.start()]);
        madeEnds.add(ends[matcher.end() - 1]);
      }
      at = matcher.end();
    }
    made.append(text, at, text.length());
    Arrays.stream(starts, at, text.length()).forEach(madeStarts);
    Arrays.stream(ends, at, text.length()).forEach(madeEnds);
    return new CleanText(
        original, made.toString(), madeStarts.build().toArray(), madeEnds.build().toArray());
  }

  String text() {
    return text;
  }

  /** Maps a token from offsets in the clean text to the sentence, in UTF-16 units. */
  Token token(int id, int start, int end) {
    int from = start < end ? starts[start] : start == 0 ? 0 : ends[start - 1];
    int to = start < end ? ends[end - 1] : from;
    return new Token(id, original.substring(from, to), from, to, false);
  }
}
