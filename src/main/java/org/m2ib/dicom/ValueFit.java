package org.m2ib.dicom;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.aoju.bus.image.galaxy.data.VR;

/**
 * Checks that text values fit their VR (PS3.5 Table 6.2-1) and, for some elements, their enumerated
 * values.
 */
final class ValueFit {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);
  private static final Pattern OLD_DATE = Pattern.compile("\\d{4}\\.\\d\\d\\.\\d\\d");
  private static final Pattern OLD_TIME = Pattern.compile("\\d\\d(:\\d\\d){1,2}(\\.\\d+)?");
  private static final String TIME = "([01]\\d|2[0-3])([0-5]\\d(([0-5]\\d|60)(\\.\\d{1,6})?)?)?";
  private static final String DATE_TIME =
      "\\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\\d|3[01])("
          + TIME
          + ")?)?)?([+-](0\\d|1[0-4])[0-5]\\d)?";

  private static final Map<Integer, Set<String>> ENUMERATED =
      Map.of(
          Tags.PatientSex, Set.of("M", "F", "O"),
          Tags.PatientSexNeutered, Set.of("ALTERED", "UNALTERED"),
          Tags.PatientIdentityRemoved, Set.of("YES", "NO"),
          Tags.LossyImageCompression, Set.of("00", "01"),
          Tags.Laterality, Set.of("R", "L"),
          Tags.ImageLaterality, Set.of("R", "L", "U", "B"),
          Tags.UniversalEntityIDType, Set.of("DNS", "EUI64", "ISO", "URI", "UUID", "X400", "X500"));

  /** Single-valued elements (PS3.6) that captures copy. */
  private static final Set<Integer> SINGLE =
      Set.of(
          Tags.PatientName,
          Tags.PatientID,
          Tags.IssuerOfPatientID,
          Tags.PatientBirthDate,
          Tags.PatientBirthTime,
          Tags.PatientSex,
          Tags.EthnicGroup,
          Tags.PatientIdentityRemoved,
          Tags.StudyInstanceUID,
          Tags.StudyDate,
          Tags.StudyTime,
          Tags.StudyID,
          Tags.StudyDescription,
          Tags.AccessionNumber,
          Tags.ReferringPhysicianName,
          Tags.RequestingService,
          Tags.PatientAge,
          Tags.PatientSize,
          Tags.PatientWeight,
          Tags.Occupation,
          Tags.AdmissionID,
          Tags.ServiceEpisodeID,
          Tags.PatientSexNeutered,
          Tags.LossyImageCompression,
          Tags.Laterality,
          Tags.ImageLaterality,
          Tags.Manufacturer,
          Tags.InstitutionName,
          Tags.StationName,
          Tags.ManufacturerModelName,
          Tags.DeviceSerialNumber,
          Tags.CodeValue,
          Tags.CodeMeaning,
          Tags.CodingSchemeDesignator);

  private ValueFit() {}

  /**
   * Returns the value without padding, with pre-DICOM dates and times in their present form (PS3.5
   * 6.2).
   */
  static String present(VR vr, String value) {
    String text = value == null ? "" : value.replaceAll("^ +|[ \\x00]+$", "");
    if (vr == VR.DA && OLD_DATE.matcher(text).matches()) {
      return text.replace(".", "");
    }
    return vr == VR.TM && OLD_TIME.matcher(text).matches() ? text.replace(":", "") : text;
  }

  static boolean fit(int tag, VR vr, String[] values) {
    boolean several = values.length > 1;
    if ((SINGLE.contains(tag) && several)
        || (tag == Tags.PatientOrientation
            && values.length != 2)) { // direction of the rows, then of the columns
      return false;
    }
    for (String value : values) {
      if (!value.isEmpty() && !fits(tag, vr, value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(int tag, VR vr, String value) {
    boolean lines = vr == VR.LT || vr == VR.ST || vr == VR.UT;
    String unfit = lines ? "[\\p{Cc}&&[^\\r\\n\\f\\t]]|\\uFFFD" : "[\\p{Cc}\\uFFFD]";
    Set<String> allowed = ENUMERATED.get(tag);
    if (Pattern.compile(unfit).matcher(value).find()
        || (allowed != null && !allowed.contains(value))) {
      return false;
    }
    return switch (vr) {
      case AE, SH -> characters(value) <= 16;
      case LO -> characters(value) <= 64;
      case ST -> characters(value) <= 1024;
      case LT -> characters(value) <= 10240;
      case AS -> value.matches("\\d{3}[DWMY]");
      case CS -> value.matches("[A-Z0-9 _]{1,16}");
      case DA -> date(value);
      case TM -> value.matches(TIME);
      case DT ->
          value.matches(DATE_TIME)
              && (value.length() < 8 || !value.matches("\\d{8}.*") || date(value.substring(0, 8)));
      case DS ->
          value.length() <= 16 && value.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
      case IS ->
          value.matches("[+-]?\\d{1,11}") && (int) Long.parseLong(value) == Long.parseLong(value);
      // a real study may have UID components with leading zeros; its captures belong to it all the
      // same
      case UI ->
          tag == Tags.StudyInstanceUID
              ? value.matches("[0-9.]{1,64}")
              : value.length() <= 64 && value.matches("(0|[1-9]\\d*)(\\.(0|[1-9]\\d*))+");
      case PN -> name(value);
      default -> true;
    };
  }

  private static int characters(String value) {
    return value.codePointCount(0, value.length());
  }

  private static boolean date(String value) {
    try {
      return value.matches("\\d{8}") && LocalDate.parse(value, DATE).getYear() > 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** At most three groups of 64 characters, each of at most five components (PS3.5 6.2.1). */
  private static boolean name(String value) {
    String[] groups = value.split("=", -1);
    for (String group : groups) {
      if (characters(group) > 64 || group.split("\\^", -1).length > 5) {
        return false;
      }
    }
    return groups.length <= 3;
  }
}
