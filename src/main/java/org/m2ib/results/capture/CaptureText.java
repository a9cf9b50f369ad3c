package org.m2ib.results.capture;

import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.results.Audit;
import org.m2ib.results.SentenceResult;

/** Text elements of objects, within the lengths of PS3.5 6.2. */
public final class CaptureText {
  private static final int LONG_TEXT = 10240;
  private static final int SHORT_TEXT = 1024;
  private static final int SHORT_STRING = 16;

  private CaptureText() {}

  /** As LT. */
  public static String longText(String text) {
    return cut(text, LONG_TEXT);
  }

  /** Each frame's sentence after the frame's number. */
  static String numbered(List<SentenceResult> results) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < results.size(); i++) {
      text.append('[').append(i + 1).append("] ");
      text.append(results.get(i).sentence().text()).append(' ');
    }
    return text.toString();
  }

  /** As ST; the sentences come last because they may be long and be cut. */
  public static String derivation(SentenceResult result) {
    return derivation(List.of(result));
  }

  /** As {@link #derivation(SentenceResult)}, of one image. */
  static String derivation(List<SentenceResult> results) {
    SentenceResult first = results.get(0);
    String warning = first.warning();
    String sentences =
        results.stream().map(r -> r.sentence().text()).collect(Collectors.joining(" | "));
    return cut(
        "%s; model %s %s. %s %s%s Sentence: %s"
            .formatted(
                method(first.attribution()),
                first.model().name(),
                first.model().version(),
                Notice.NOT_DIAGNOSTIC,
                warning,
                forced(results),
                sentences),
        SHORT_TEXT);
  }

  /** Of which maps the audit says that they are forced, after a space; {@code ""} if of none. */
  private static String forced(List<SentenceResult> results) {
    String frames =
        results.stream()
            .filter(SentenceResult::forced)
            .map(r -> String.valueOf(r.capture().frame()))
            .collect(Collectors.joining(", "));
    if (frames.isEmpty()) {
      return "";
    }
    return " " + Audit.FORCED + (results.size() == 1 ? "." : ": frame " + frames + ".");
  }

  /** The method's code of the private scheme, SH. */
  public static String code(MethodCard method) {
    String name = method.name().toUpperCase(Locale.ROOT);
    return name.substring(0, Math.min(name.length(), SHORT_STRING));
  }

  /** The method and the settings its maps depend on; the same bytes on every machine. */
  public static String method(Attribution attribution) {
    MethodCard method = Methods.card(attribution.method());
    M2ibSettings settings = attribution.settings();
    StringBuilder text = new StringBuilder(method.attribution());
    if (!method.isM2ib()) {
      text.append(" (").append(method.source()).append(')');
    }
    if (method.layer()) {
      text.append(", layer ").append(settings.layer());
    }
    if (method.isM2ib()) {
      text.append(", beta ").append(settings.beta());
      text.append(", ").append(settings.steps()).append(" steps, ");
      text.append(settings.samples()).append(" samples, learning rate ");
      text.append(settings.learningRate());
      settings.otherPrecision().ifPresent(name -> text.append(", ").append(name));
      settings.otherNoise().ifPresent(name -> text.append(", ").append(name).append(" noise"));
    }
    if (method.seed()) {
      text.append(", seed ").append(settings.seed());
    }
    return text.toString();
  }

  /**
   * Cut to a number of characters, with "…" for the rest; a letter keeps its accents. Control
   * characters and line breaks become spaces.
   */
  public static String cut(String text, int characters) {
    String clean = text.replaceAll("[\\p{Cc}\\s]+", " ").strip();
    if (clean.codePointCount(0, clean.length()) <= characters) {
      return clean;
    }
    BreakIterator letters = BreakIterator.getCharacterInstance(Locale.ROOT);
    letters.setText(clean);
    int most = clean.offsetByCodePoints(0, characters - 1);
    int end = letters.isBoundary(most) ? most : letters.preceding(most);
    return clean.substring(0, end).stripTrailing() + "\u2026";
  }
}
