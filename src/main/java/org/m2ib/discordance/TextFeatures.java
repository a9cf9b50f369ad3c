package org.m2ib.discordance;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.m2ib.report.Language;

/**
 * What a control that sees no image knows of English sentences: the number of each of its words,
 * and of what they assert and deny. A score beside which such a control is as sure owes nothing to
 * the image.
 */
public final class TextFeatures {
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  private TextFeatures() {}

  /** Names of features, all at 0, in the order of a fit. */
  public static Map<String, Double> none(Collection<String> words) {
    Map<String, Double> features = new LinkedHashMap<>();
    words.forEach(word -> features.put(word, 0.0));
    for (boolean denied : new boolean[] {false, true}) {
      StandardFinding.all().forEach(finding -> features.put(said(denied, finding), 0.0));
    }
    return features;
  }

  /** Adds a sentence. Words that are no feature do not count. */
  public static void add(Map<String, Double> features, String sentence) {
    WORD.matcher(sentence.toLowerCase(Locale.ROOT))
        .results()
        .forEach(word -> features.computeIfPresent(word.group(), (w, n) -> n + 1));
    for (Claim claim : Claim.in(sentence, Language.ENGLISH)) {
      features.computeIfPresent(said(claim.denied(), claim.finding()), (c, n) -> n + 1);
    }
  }

  /** Of a finding that a report does not mention: which one it is. */
  public static Map<String, Double> notMentioned(StandardFinding finding) {
    Map<String, Double> features = new LinkedHashMap<>();
    StandardFinding.all()
        .forEach(each -> features.put(each.code(), each.equals(finding) ? 1.0 : 0.0));
    return features;
  }

  /** Of a sentence, as far as a regression asks for them. */
  static Map<String, Double> asked(Logistic control, String sentence) {
    Map<String, Double> features = new LinkedHashMap<>();
    control.features().forEach(name -> features.put(name, 0.0));
    add(features, sentence);
    return features;
  }

  private static String said(boolean denied, StandardFinding finding) {
    return (denied ? "denied " : "asserted ") + finding.code();
  }
}
