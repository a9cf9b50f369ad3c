package org.m2ib.intake.fhir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.m2ib.intake.ReportForms;

/**
 * Selects which presentedForms of a report are read. Each form is the whole report in some format
 * or language (FHIR R4 diagnosticreport.html, presentedForm). One format is read, and from it only
 * what has not been said yet.
 */
final class FhirForms {
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
    return ReportForms.choose(byFormat);
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
}
