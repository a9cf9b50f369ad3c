package org.m2ib.attribution;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;

/**
 * Which word of a sentence goes with which region of an image, see {@link SecondOrder}.
 *
 * @param similarity cosine of image and sentence, [-1, 1]
 * @param words in the order of the sentence
 */
public record Interactions(double similarity, List<Word> words) {

  /** Of the paper. */
  public static final String TITLE = "exCLIP";

  /** Where it is published. */
  public static final String SOURCE = "arXiv 2408.14153, TMLR 2025";

  /** Of a single precision number no more than this is true. */
  private static final MathContext DIGITS = new MathContext(6);

  /** The part of the similarity that words and patches make together; the rest is of others. */
  public double sum() {
    return words.stream().mapToDouble(Word::sum).sum();
  }

  /** The greatest absolute value of a word and a patch. */
  public double greatest() {
    return words.stream()
        .flatMap(word -> Arrays.stream(word.map()))
        .flatMapToDouble(Arrays::stream)
        .map(Math::abs)
        .max()
        .orElse(0);
  }

  /** The same in six significant digits, to store. */
  public Interactions rounded() {
    return new Interactions(similarity, words.stream().map(Word::rounded).toList());
  }

  /**
   * One word's share of the similarity.
   *
   * @param text the word as in the sentence
   * @param start offset in the sentence, UTF-16 units, inclusive
   * @param end offset, exclusive
   * @param map of the image's patches, [rows][columns]: the part of the similarity that the word
   *     and the patch make together; negative where they speak against the match
   */
  public record Word(String text, int start, int end, double[][] map) {

    /** The sum over all patches. */
    public double sum() {
      return Arrays.stream(map).flatMapToDouble(Arrays::stream).sum();
    }

    private Word rounded() {
      return new Word(
          text,
          start,
          end,
          Arrays.stream(map)
              .map(row -> Arrays.stream(row).map(Word::rounded).toArray())
              .toArray(double[][]::new));
    }

    private static double rounded(double value) {
      return new BigDecimal(value, DIGITS).doubleValue();
    }
  }

  /**
   * The tokens of a sentence as its words: pieces of one word, which touch each other in the
   * sentence, are added up.
   *
   * @param maps one for each token, including start and end
   */
  static Interactions of(double similarity, Tokens tokens, List<double[][]> maps) {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.tokens().get(i);
      if (token.special()) {
        continue;
      }
      Word piece = new Word(token.text(), token.start(), token.end(), maps.get(i));
      int last = words.size() - 1;
      if (last >= 0 && continues(words.get(last), piece)) {
        words.set(last, joined(words.get(last), piece));
      } else {
        words.add(piece);
      }
    }
    return new Interactions(similarity, List.copyOf(words));
  }

  private static boolean continues(Word before, Word piece) {
    return before.end() == piece.start()
        && endsInLetter(before.text())
        && !piece.text().isEmpty()
        && Character.isLetterOrDigit(piece.text().codePointAt(0));
  }

  private static boolean endsInLetter(String text) {
    return !text.isEmpty() && Character.isLetterOrDigit(text.codePointBefore(text.length()));
  }

  private static Word joined(Word before, Word piece) {
    double[][] sum = new double[before.map().length][];
    for (int y = 0; y < sum.length; y++) {
      sum[y] = before.map()[y].clone();
      for (int x = 0; x < sum[y].length; x++) {
        sum[y][x] += piece.map()[y][x];
      }
    }
    return new Word(before.text() + piece.text(), before.start(), piece.end(), sum);
  }
}
