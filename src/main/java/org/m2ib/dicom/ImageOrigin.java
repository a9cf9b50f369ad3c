package org.m2ib.dicom;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an image says of its device and of its patient, as cases are grouped by them; {@code ""} and
 * null are not known.
 *
 * @param device Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090)
 * @param sex PatientSex (0010,0040): M, F or O
 * @param age completed years at the study
 */
public record ImageOrigin(String device, String sex, Integer age) {
  public static final ImageOrigin UNKNOWN = new ImageOrigin("", "", null);
  public static final List<String> SEXES = List.of("M", "F", "O");

  /** Groups of ages in completed years. */
  public enum AgeBand {
    CHILDREN("0-17", 18),
    FROM_18("18-39", 40),
    FROM_40("40-64", 65),
    FROM_65("65-79", 80),
    FROM_80("80+", Integer.MAX_VALUE);

    private final String code;
    private final int below;

    AgeBand(String code, int below) {
      this.code = code;
      this.below = below;
    }

    public String code() {
      return code;
    }

    /** The first age that is of a later band. */
    public int below() {
      return below;
    }

    public static List<String> codes() {
      return Arrays.stream(values()).map(AgeBand::code).toList();
    }
  }

  /** Of an image's attributes. */
  public static ImageOrigin of(DicomObject header) {
    String device =
        Stream.of(Tags.Manufacturer, Tags.ManufacturerModelName)
            .map(tag -> text(header, tag))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(" "));
    String sex = text(header, Tags.PatientSex);
    return new ImageOrigin(
        device,
        SEXES.contains(sex) ? sex : "",
        age(
            text(header, Tags.PatientAge),
            text(header, Tags.PatientBirthDate),
            text(header, Tags.StudyDate)));
  }

  /** Code of the band of the age; {@code ""} if that is not known. */
  public String ageBand() {
    return age == null
        ? ""
        : Arrays.stream(AgeBand.values())
            .filter(band -> age < band.below())
            .findFirst()
            .orElseThrow() // the last has no end
            .code();
  }

  /**
   * Completed years at the study.
   *
   * @param age PatientAge (0010,1010), for example {@code 045Y}; it is taken if there is one
   * @param birth PatientBirthDate (0010,0030), YYYYMMDD
   * @param study StudyDate (0008,0020), YYYYMMDD
   * @return null if it is not known
   */
  static Integer age(String age, String birth, String study) {
    if (age.matches("\\d{3}[DWMY]")) {
      int number = Integer.parseInt(age.substring(0, 3));
      return switch (age.charAt(3)) {
        case 'Y' -> number;
        case 'M' -> number / 12;
        case 'W' -> number / 52;
        default -> number / 365;
      };
    }
    try {
      LocalDate born = LocalDate.parse(birth, DateTimeFormatter.BASIC_ISO_DATE);
      LocalDate at = LocalDate.parse(study, DateTimeFormatter.BASIC_ISO_DATE);
      return at.isBefore(born) ? null : Period.between(born, at).getYears();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String text(DicomObject header, int tag) {
    String value = header.string(tag, "");
    return value == null ? "" : value.strip();
  }
}
