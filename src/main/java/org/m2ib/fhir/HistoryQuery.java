package org.m2ib.fhir;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.StoredVersion;

/**
 * The parameters of a history, parsed strictly.
 *
 * @param count page size, [0, {@value SearchQuery#MOST}]
 * @param since {@link Instant#EPOCH} if it is not given
 * @param sinceAsked as received, {@code ""} if it is not given
 * @param before last version of the previous page; null for the first page
 */
record HistoryQuery(int count, Instant since, String sinceAsked, StoredVersion before) {
  static final String SINCE = "_since";

  static HistoryQuery parse(Map<String, String[]> parameters) {
    Map<String, String[]> others = new TreeMap<>(parameters);
    String[] count = others.remove(SearchQuery.COUNT);
    String[] after = others.remove(SearchQuery.AFTER);
    String[] since = others.remove(SINCE);
    SearchQuery.none(others);
    String asked = since == null ? "" : SearchQuery.only(SINCE, since);
    return new HistoryQuery(
        SearchQuery.count(count),
        since == null ? Instant.EPOCH : instant(SINCE, asked),
        asked,
        after == null ? null : place(SearchQuery.only(SearchQuery.AFTER, after)));
  }

  /** Parses a FHIR instant (R4 datatypes.html#instant). */
  static Instant instant(String parameter, String value) {
    try {
      if (value.matches("\\d{4}-.*")) {
        return OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
      }
    } catch (DateTimeException e) {
      // its message quotes the value
    }
    throw Refusal.parameter(
        parameter,
        IssueType.INVALID,
        "must be a date and time with a zone (2026-03-05T10:00:00Z); write + as %2B in a URL");
  }

  /** Returns the value of {@code _after} for the page that begins after a version. */
  static String place(StoredVersion last) {
    String joined =
        String.join(
            "\n",
            last.updated().toString(),
            last.type(),
            last.id(),
            String.valueOf(last.version()));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(joined.getBytes(StandardCharsets.UTF_8));
  }

  private static StoredVersion place(String value) {
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8).split("\n", -1);
      if (parts.length == 4
          && parts[0].matches("\\d{4}-.*")
          && parts[1].matches("[A-Za-z]{1,32}")
          && parts[2].matches("[A-Za-z0-9.-]{1,64}")) {
        int version = Integer.parseInt(parts[3]);
        return new StoredVersion(parts[1], parts[2], version, Instant.parse(parts[0]), "");
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      // refused below
    }
    throw Refusal.parameter(
        SearchQuery.AFTER, IssueType.INVALID, "must come from a link of this service");
  }
}
