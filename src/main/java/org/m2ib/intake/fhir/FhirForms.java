package org.m2ib.intake.fhir;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.DiagnosticReport;

/**
 * Selects which presentedForms of a report are read. Each form is the whole report in some format
 * or language (FHIR R4 diagnosticreport.html, presentedForm). One format is read, and from it only
 * what has not been said yet.
 */
final class FhirForms {
  private static final String PLAIN = "text/plain";

  /** Words by which headers and footers of two copies may differ. */
  private static final int MOST_APART = 12;

  private static final Pattern SIDES =
      Pattern.compile("\\b(left|right|links|rechts|gauche|droite?|izquierd[ao]|derech[ao])\\b");

  private FhirForms() {}

  /**
   * @param read returns the text of an attachment, given its index; blank if it has none
   * @return texts in order
   */
  static List<String> of(DiagnosticReport report, BiFunction<Attachment, Integer, String> read) {
    Map<String, List<String>> byFormat = new LinkedHashMap<>();
    String wanted = language(report.getLanguage());
    String language = null;
    for (int i = 0; i < report.getPresentedForm().size(); i++) {
      Attachment form = report.getPresentedForm().get(i);
      String text = read.apply(form, i);
      String own = form.hasLanguage() ? language(form.getLanguage()) : wanted;
      if (text.isBlank()) {
        continue;
      }
      if (language != null && own != null && !own.equals(language)) {
        if (!own.equals(wanted)) {
          continue;
        }
        byFormat.clear();
      }
      language = own == null ? language : own;
      byFormat.computeIfAbsent(format(form), f -> new ArrayList<>()).add(text);
    }
    List<String> plain = withoutRepeats(byFormat.getOrDefault(PLAIN, List.of()));
    byFormat.remove(PLAIN);
    List<String> other =
        byFormat.values().stream()
            .map(FhirForms::withoutRepeats)
            .max(Comparator.comparingInt(FhirForms::letters))
            .orElse(List.of());
    // plain text that only refers to the other form is not the report
    return letters(other) > 2 * letters(plain) ? other : plain;
  }

  /** Returns the media type without parameters, in lower case; {@code ""} if absent. */
  static String format(Attachment form) {
    String type = form.hasContentType() ? form.getContentType() : "";
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns {@code de} for {@code de-CH}, because reports and their forms differ in naming the
   * country.
   */
  private static String language(String tag) {
    return tag == null ? null : tag.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
  }

  private static int letters(List<String> texts) {
    return texts.stream().mapToInt(text -> words(text).length()).sum();
  }

  private static List<String> withoutRepeats(List<String> texts) {
    List<String> kept = new ArrayList<>();
    for (String text : texts) {
      if (kept.stream().noneMatch(k -> repeats(k, text))) {
        kept.removeIf(k -> repeats(text, k));
        kept.add(text);
      }
    }
    return kept;
  }

  /**
   * Returns whether a text contains everything that another says, apart from headers and footers.
   */
  private static boolean repeats(String whole, String part) {
    String all = words(whole);
    String some = words(part);
    if (says(all, some)) {
      return true;
    }
    String[] words = some.split(" ");
    for (int apart = 1; apart <= MOST_APART && apart * 2 < words.length; apart++) {
      for (int head = 0; head <= apart; head++) {
        int end = words.length - apart + head;
        String middle = String.join(" ", List.of(words).subList(head, end));
        if (says(all, middle)) {
          return !SIDES.matcher(String.join(" ", List.of(words).subList(0, head))).find();
        }
      }
    }
    return false;
  }

  /** Returns the sentences and lines of a text that are not in the text already read. */
  static String unsaid(String said, String text) {
    String all = words(said);
    List<String> parts = new ArrayList<>();
    for (String part : text.split("(?<=[.;!?])\\s+|\n")) {
      if (!says(all, words(part))) {
        parts.add(part.strip());
      }
    }
    return String.join("\n", parts);
  }

  private static boolean says(String words, String some) {
    return some.isEmpty() || (" " + words + " ").contains(" " + some + " ");
  }

  /** Returns a text's words without list numbers: what two layouts of it have in common. */
  private static String words(String text) {
    return text.replaceAll("(?m)^\\h*\\d{1,2}[.)]\\h+", " ")
        .replaceAll("[^\\p{L}\\p{M}\\p{N}]+", " ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
