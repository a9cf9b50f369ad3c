package org.m2ib.intake.dicom;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Which encapsulated documents are reports, by DocumentTitle (0042,0010) and
 * ConceptNameCodeSequence (0040,A043): consent forms, referrals and dose sheets are encapsulated
 * too.
 *
 * @param words parts of titles of reports, in any case; with {@code !} before it, of titles of
 *     other documents; {@code *} for every document
 */
record ReportTitles(List<String> words) {
  /** LOINC: study report, radiology report, diagnostic imaging study, radiology study note. */
  private static final Set<String> CODES = Set.of("47045-0", "11528-7", "18748-4", "68604-8");

  ReportTitles {
    words = words.stream().map(ReportTitles::fold).filter(word -> !word.isEmpty()).toList();
  }

  /** A document with neither title nor concept name may be anything, and is read. */
  boolean isReport(DicomObject object) {
    List<DicomObject> concept = object.sequence(Tags.ConceptNameCodeSequence);
    String title =
        fold(
            object.string(Tags.DocumentTitle, "")
                + " "
                + (concept.isEmpty() ? "" : concept.get(0).string(Tags.CodeMeaning, "")));
    if (words.contains("*") || title.isEmpty()) {
      return true;
    }
    if (words.stream()
        .anyMatch(word -> word.startsWith("!") && title.contains(word.substring(1)))) {
      return false;
    }
    return words.stream().anyMatch(title::contains)
        || !concept.isEmpty() && CODES.contains(StructuredReport.code(concept.get(0)));
  }

  private static String fold(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip();
  }
}
