package org.m2ib.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.DiagnosticReport;

/**
 * Which of a report's presentedForms are read. Each is the whole report in another format or
 * language (FHIR R4 diagnosticreport.html, presentedForm), so one format is read, and in it what is
 * not said already.
 */
final class FhirForms {
  private FhirForms() {}

  /**
   * @param read the text of an attachment and its index, blank when it has none
   * @return texts in order
   */
  static List<String> of(DiagnosticReport report, BiFunction<Attachment, Integer, String> read) {
    Map<String, List<String>> byFormat = new LinkedHashMap<>();
    String language = null;
    for (int i = 0; i < report.getPresentedForm().size(); i++) {
      Attachment form = report.getPresentedForm().get(i);
      String text = read.apply(form, i);
      String own = form.hasLanguage() ? form.getLanguage() : report.getLanguage();
      if (text.isBlank()) {
        continue;
      }
      boolean preferred = own != null && own.equals(report.getLanguage());
      if (language != null && own != null && !own.equals(language)) {
        if (!preferred) {
          continue;
        }
        byFormat.clear();
      }
      language = own == null ? language : own;
      byFormat.computeIfAbsent(format(form), f -> new ArrayList<>()).add(text);
    }
    List<String> plain = withoutRepeats(byFormat.getOrDefault("text/plain", List.of()));
    List<String> marked = new ArrayList<>();
    byFormat.forEach(
        (format, texts) -> marked.addAll(format.equals("text/plain") ? List.of() : texts));
    List<String> other = withoutRepeats(marked);
    // plain text that only points to the other form is not the report
    return letters(other) > 2 * letters(plain) ? other : plain;
  }

  private static String format(Attachment form) {
    return form.getContentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static int letters(List<String> texts) {
    return texts.stream().mapToInt(text -> words(text).length()).sum();
  }

  private static List<String> withoutRepeats(List<String> texts) {
    List<String> kept = new ArrayList<>();
    for (String text : texts) {
      if (kept.stream().noneMatch(k -> words(k).contains(words(text)))) {
        kept.removeIf(k -> words(text).contains(words(k)));
        kept.add(text);
      }
    }
    return kept;
  }

  /** What two layouts of one text have in common. */
  private static String words(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}]+", " ").strip().toLowerCase(Locale.ROOT);
  }
}
