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

/** A sentence cleaned the way a family does it, with the original position of each letter. */
public final class CleanText {
  private static final Pattern ENTITY = Pattern.compile("&[^\\s<&;]{1,32};?");

  /** Ligatures, full-width and half-width letters, the ideographic space. */
  private static final Pattern FORMS =
      Pattern.compile(
          "[\\u0132\\u0133\\u0149\\u01C4-\\u01CC\\u01F1-\\u01F3\\uFB00-\\uFB06\\u3000\\uFF01-\\uFFEF]+");

  private static final Pattern SINGLE_QUOTE = Pattern.compile("[\\u02BC\\u2018-\\u201B]");
  private static final Pattern DOUBLE_QUOTE = Pattern.compile("[\\u201C-\\u201F]");

  /** Except tabs and line endings. */
  private static final Pattern CONTROL =
      Pattern.compile("[\\x00-\\x08\\x0B\\x0E-\\x1F\\x7F\\u206A-\\u206F\\uFEFF\\uFFF9-\\uFFFC]");

  /**
   * Composed characters: a letter with its marks, parts of a Korean syllable, signs for letters.
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

  /** For each UTF-16 unit of the text, start and end of its origin. */
  private final int[] starts;

  private final int[] ends;

  private CleanText(String original, String text, int[] starts, int[] ends) {
    this.original = original;
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  /** The sentence unchanged. */
  public static CleanText unchanged(String sentence) {
    int n = sentence.length();
    return new CleanText(
        sentence, sentence, IntStream.range(0, n).toArray(), IntStream.rangeClosed(1, n).toArray());
  }

  /**
   * As cleaned by OpenAI's code and open_clip's: HTML escapes and, from ftfy.fix_text, quotes,
   * ligatures, widths, control characters and composition. Text decoded with the wrong character
   * set is not repaired. White space and capitals are left to the tokeniser.
   */
  public static CleanText repaired(String sentence) {
    CleanText whole = unchanged(sentence);
    // if there may be a tag, ftfy leaves escapes and their content alone
    return (sentence.contains("<") ? whole : whole.unescaped())
        .replaced(FORMS, forms -> Normalizer.normalize(forms, Normalizer.Form.NFKC))
        .replaced(SINGLE_QUOTE, quote -> "'")
        .replaced(DOUBLE_QUOTE, quote -> "\"")
        .replaced(CONTROL, control -> "")
        .replaced(COMPOSED, letter -> Normalizer.normalize(letter, Normalizer.Form.NFC))
        .unescaped();
  }

  /** As open_clip's {@code whitespace}: {@link #repaired}, one blank between words. */
  public static CleanText spaced(String sentence) {
    return repaired(sentence).spaced();
  }

  /** As open_clip's {@code lower}: {@link #spaced}, in lower case. */
  public static CleanText lowered(String sentence) {
    return repaired(sentence).spaced().lowered();
  }

  /** As open_clip's {@code canonicalize}: {@link #lowered}, without ASCII punctuation. */
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

  /** Letter by letter only if the whole gets longer: a sigma depends on its position. */
  private CleanText lowered() {
    String whole = text.toLowerCase(Locale.ROOT);
    return whole.length() == text.length()
        ? new CleanText(original, whole, starts, ends)
        : replaced(CAPITAL, capital -> capital.toLowerCase(Locale.ROOT));
  }

  /** Twice, because escapes are often escaped again. */
  private CleanText unescaped() {
    UnaryOperator<String> plain = entity -> Parser.unescapeEntities(entity, false);
    return replaced(ENTITY, plain).replaced(ENTITY, plain);
  }

  /** A replacement originates from the whole match. */
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

  /** The token between two UTF-16 offsets of the text, in terms of the sentence. */
  Token token(int id, int start, int end) {
    int from = start < end ? starts[start] : start == 0 ? 0 : ends[start - 1];
    int to = start < end ? ends[end - 1] : from;
    return new Token(id, original.substring(from, to), from, to, false);
  }
}
