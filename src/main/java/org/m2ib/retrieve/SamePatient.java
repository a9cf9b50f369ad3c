package org.m2ib.retrieve;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Whether two studies with one patient identifier can be of one patient: identifiers are given
 * twice, and archives have several issuers.
 */
final class SamePatient {
  private SamePatient() {}

  /**
   * @return what contradicts, without values; {@code ""} if nothing that both have does
   */
  static String contradiction(DicomObject a, DicomObject b) {
    if (differ(date(a), date(b))) {
      return "the birth dates differ";
    }
    if (differ(sex(a), sex(b))) {
      return "the sexes differ";
    }
    List<String> name = name(a);
    List<String> other = name(b);
    return differ(name.get(0), other.get(0)) || differ(name.get(1), other.get(1))
        ? "the names differ"
        : "";
  }

  private static boolean differ(String a, String b) {
    return !a.isEmpty() && !b.isEmpty() && !Objects.equals(a, b);
  }

  private static String date(DicomObject object) {
    String digits = text(object, Tags.PatientBirthDate).replaceAll("[^0-9]", "");
    return digits.length() == 8 ? digits : "";
  }

  /** Other values than male and female contradict nothing: they are often only unknown. */
  private static String sex(DicomObject object) {
    String sex = text(object, Tags.PatientSex).toUpperCase(Locale.ROOT);
    return sex.equals("M") || sex.equals("F") ? sex : "";
  }

  /**
   * Family and given name of the alphabetic group (PS3.5 6.2.1), in capitals without accents and
   * punctuation; further names are often left out.
   */
  private static List<String> name(DicomObject object) {
    String[] components = text(object, Tags.PatientName).split("=", 2)[0].split("\\^");
    return List.of(
        letters(components.length > 0 ? components[0] : ""),
        letters(components.length > 1 ? components[1].strip().split(" ")[0] : ""));
  }

  private static String letters(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .toUpperCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}]", "");
  }

  private static String text(DicomObject object, int tag) {
    try {
      return object.string(tag, "").strip();
    } catch (RuntimeException e) { // a value that breaks the standard says nothing
      return "";
    }
  }
}
