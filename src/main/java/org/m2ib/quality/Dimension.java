package org.m2ib.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.m2ib.dicom.ImageOrigin.AgeBand;

/** What the results of a group have in common. */
enum Dimension {
  MODEL("model"),
  /** A finding of the list that the sentence names; a result may be in several groups. */
  FINDING(null),
  /** Who judged. */
  READER(null),
  /** AE title that sent the image. */
  SENDER("sender"),
  /** Manufacturer and model name of the device. */
  DEVICE("device"),
  SEX("sex"),
  AGE(ageBands()),
  /** Calendar month (UTC) in which the case was received. */
  MONTH("substring(received_day, 1, 7)"),
  /** Monday of the week. */
  WEEK(null),
  DAY("received_day");

  /** An expression over {@code quality_result}; null if SQL does not make the groups. */
  final String sql;

  Dimension(String sql) {
    this.sql = sql;
  }

  private static String ageBands() {
    return Arrays.stream(AgeBand.values())
        .map(band -> "when age < %d then '%s'".formatted(band.below(), band.code()))
        .collect(Collectors.joining(" ", "case when age is null then '' ", " end"));
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Dimension> of(String code) {
    return Arrays.stream(values()).filter(d -> d.code().equals(code)).findFirst();
  }

  static List<String> codes() {
    return Arrays.stream(values()).map(Dimension::code).toList();
  }
}
