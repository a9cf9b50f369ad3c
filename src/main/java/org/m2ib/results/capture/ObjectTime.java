package org.m2ib.results.capture;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Creation time of an object in the source's zone: TimezoneOffsetFromUTC (0008,0201) applies to
 * every date and time of an object (PS3.3 C.12.1), including those copied from the study. If the
 * source states no zone, neither does the object, and its own times are UTC.
 *
 * @param stated whether the source states its zone
 */
public record ObjectTime(OffsetDateTime at, boolean stated) {
  public static ObjectTime of(Instant instant, DicomObject source) {
    String offset = source.string(Tags.TimezoneOffsetFromUTC, "");
    try {
      if (offset.matches("[+-]\\d{4}")) {
        return new ObjectTime(instant.atOffset(ZoneOffset.of(offset)), true);
      }
    } catch (DateTimeException e) {
      // an invalid zone is treated as absent
    }
    return new ObjectTime(instant.atOffset(ZoneOffset.UTC), false);
  }

  /** As DA. */
  public String date() {
    return format("uuuuMMdd");
  }

  /** As TM, to the second. */
  public String time() {
    return format("HHmmss");
  }

  /** As DT, with its offset. */
  public String dateTime() {
    return format("uuuuMMddHHmmss") + offset();
  }

  public String offset() {
    return format("xx");
  }

  private String format(String pattern) {
    return at.format(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
  }
}
