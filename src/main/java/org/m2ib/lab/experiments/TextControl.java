package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.discordance.Finder;
import org.m2ib.discordance.Logistic;
import org.m2ib.discordance.TextFeatures;
import org.m2ib.lab.experiments.DiscordanceFit.Rows;
import org.m2ib.report.Language;
import org.m2ib.report.Sentence;

/**
 * A logistic regression that sees no image: which words a wrong text has, how long it is, what it
 * asserts and denies, and whether it contradicts itself. It shows what an image adds.
 */
final class TextControl {
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  private static final int LEAST = 5;
  private static final int MOST = 100;

  private final List<String> words;
  private final Rows rows = new Rows();
  private Logistic fitted;

  /**
   * @param words in lower case, whose numbers in a text it sees
   */
  TextControl(List<String> words) {
    this.words = words;
  }

  /** The 100 most frequent words of texts, of those in five sentences or more. */
  static List<String> words(Stream<MadeErrors.Text> texts) {
    Map<String, Long> counts =
        texts
            .flatMap(text -> text.all().stream())
            .flatMap(
                sentence ->
                    WORD.matcher(sentence.toLowerCase(Locale.ROOT))
                        .results()
                        .map(MatchResult::group)
                        .distinct())
            .collect(Collectors.groupingBy(w -> w, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .filter(word -> word.getValue() >= LEAST)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST)
        .map(Map.Entry::getKey)
        .toList();
  }

  void add(MadeErrors.Text text, boolean wrong) {
    rows.add(features(text), wrong);
  }

  void add(String sentence, boolean wrong) {
    rows.add(features(alone(sentence)), wrong);
  }

  /** Call after all was added; without any text it knows nothing. */
  void fit() {
    if (rows.isEmpty()) {
      return;
    }
    TreeSet<String> names = new TreeSet<>(rows.first().keySet());
    fitted = rows.fitted(List.copyOf(names));
  }

  double logOdds(MadeErrors.Text text) {
    return fitted == null ? 0 : fitted.logOdds(features(text));
  }

  double logOdds(String sentence) {
    return logOdds(alone(sentence));
  }

  private static MadeErrors.Text alone(String sentence) {
    return new MadeErrors.Text(List.of(sentence), List.of());
  }

  private Map<String, Double> features(MadeErrors.Text text) {
    Map<String, Double> features = TextFeatures.none(words);
    text.all().forEach(sentence -> TextFeatures.add(features, sentence));
    features.put("findings' sentences", (double) text.findings().size());
    features.put("impression's sentences", (double) text.impression().size());
    features.put("contradictions", (double) contradictions(text));
    return features;
  }

  private static long contradictions(MadeErrors.Text text) {
    List<Sentence> sentences = sentences(text);
    return new Finder(null)
        .of(
            sentences,
            IntStream.range(0, sentences.size()).boxed().collect(Collectors.toSet()),
            Language.ENGLISH,
            List.of())
        .size();
  }

  /** With their sections. */
  static List<Sentence> sentences(MadeErrors.Text text) {
    List<Sentence> all = new ArrayList<>();
    int at = 0;
    for (String sentence : text.all()) {
      String section = all.size() < text.findings().size() ? "findings" : "impression";
      all.add(new Sentence(all.size(), section, sentence, at, at + sentence.length()));
      at += sentence.length() + 1;
    }
    return all;
  }
}
