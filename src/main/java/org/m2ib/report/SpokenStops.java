package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Full stops that a dictation engine left in the text as words: "No effusion period Cardiomegaly".
 * The rows {@code stop} and {@code end} of {@code languages.txt} have the words of each language.
 * They are no part of a sentence.
 *
 * <p>An {@code end} ("full stop", "neuer Absatz") is always one. A {@code stop} ("period") may also
 * be a word of the sentence, so it is one only before a capital or at the end of a paragraph, and
 * before a small letter, or in a text of capitals, only if the paragraph ends with one and has no
 * written full stop.
 */
final class SpokenStops {
  private static final Pattern WRITTEN = Pattern.compile("[.!?。](?=\\s+\\p{L})");
  private static final Pattern SMALL = Pattern.compile("\\p{Ll}");
  private static final Pattern AT_END = Pattern.compile("[\\s.]*+$");

  private SpokenStops() {}

  /** The parts of the paragraph between them, in order; the paragraph if there is none. */
  static List<Span> between(String plain, Span paragraph, LanguageTable table) {
    String text = plain.substring(paragraph.start(), paragraph.end());
    List<Span> parts = new ArrayList<>();
    int from = 0;
    Matcher stop = table.spokenStop.matcher(text);
    boolean dictated = isDictated(text, table);
    while (stop.find()) {
      boolean certain = table.spokenEnd.matcher(stop.group()).matches();
      if (certain || dictated || beforeCapital(text, stop.end())) {
        parts.add(new Span(paragraph.start() + from, paragraph.start() + stop.start()));
        from = stop.end();
      }
    }
    parts.add(new Span(paragraph.start() + from, paragraph.end()));
    return parts;
  }

  private static boolean isDictated(String text, LanguageTable table) {
    int last = -1;
    Matcher stop = table.spokenStop.matcher(text);
    while (stop.find()) {
      last = stop.end();
    }
    return last >= 0
        && AT_END.matcher(text).region(last, text.length()).matches()
        && !WRITTEN.matcher(text).find();
  }

  /** Whether a capital follows, in a text that also has small letters. */
  private static boolean beforeCapital(String text, int end) {
    int next = end;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next < text.length()
        && Character.isUpperCase(text.charAt(next))
        && SMALL.matcher(text).find();
  }
}
