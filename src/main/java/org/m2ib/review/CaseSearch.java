package org.m2ib.review;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.StorableText;

/** The query of {@code GET /api/cases}; an unused text or state filter is null. */
record CaseSearch(
    String studyInstanceUid,
    String accessionNumber,
    CaseState state,
    boolean alarms,
    int offset,
    int limit) {
  static final int USUAL = 100;
  static final int MOST = 1000;
  static final int MOST_SKIPPED = Integer.MAX_VALUE - MOST - 1;

  /**
   * @throws ProblemException 400, naming the invalid parameter and what is allowed
   */
  static CaseSearch of(
      String studyInstanceUid,
      String accessionNumber,
      String state,
      String alarms,
      String offset,
      String limit) {
    return new CaseSearch(
        text("studyInstanceUid", studyInstanceUid),
        text("accessionNumber", accessionNumber),
        state(text("state", state)),
        flag(text("alarms", alarms)),
        number("offset", text("offset", offset), 0, 0, MOST_SKIPPED),
        number("limit", text("limit", limit), USUAL, 1, MOST));
  }

  /** Requests one more than is shown, to find out whether there is a next page. */
  CaseStore.Query query() {
    return new CaseStore.Query(studyInstanceUid, accessionNumber, state, alarms, offset, limit + 1);
  }

  /** The address of the next page. */
  String next() {
    StringJoiner query = new StringJoiner("&", "/api/cases?", "");
    add(query, "studyInstanceUid", studyInstanceUid);
    add(query, "accessionNumber", accessionNumber);
    add(query, "state", state);
    add(query, "alarms", alarms ? true : null);
    add(query, "offset", offset + limit);
    add(query, "limit", limit);
    return query.toString();
  }

  private static void add(StringJoiner query, String name, Object value) {
    if (value != null) {
      query.add(name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
    }
  }

  private static String text(String name, String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (!StorableText.of(value).equals(value)) { // PostgreSQL cannot even search for it
      throw new ProblemException(400, name + ": has a control character, which no value has");
    }
    return value.strip();
  }

  private static CaseState state(String value) {
    try {
      return value == null ? null : CaseState.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          400, "state: must be one of " + Arrays.toString(CaseState.values()));
    }
  }

  private static boolean flag(String value) {
    if (value != null && !value.equals("true")) {
      throw new ProblemException(400, "alarms: must be true, or left out");
    }
    return value != null;
  }

  private static int number(String name, String value, int usual, int least, int most) {
    try {
      int number = value == null ? usual : Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ProblemException(400, name + ": must be a number from " + least + " to " + most);
  }
}
