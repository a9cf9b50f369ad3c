package org.m2ib.review;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;

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
        QueryValues.text("studyInstanceUid", studyInstanceUid),
        QueryValues.text("accessionNumber", accessionNumber),
        QueryValues.state(QueryValues.text("state", state)),
        flag(QueryValues.text("alarms", alarms)),
        QueryValues.number("offset", QueryValues.text("offset", offset), 0, 0, MOST_SKIPPED),
        QueryValues.number("limit", QueryValues.text("limit", limit), USUAL, 1, MOST));
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

  private static boolean flag(String value) {
    if (value != null && !value.equals("true")) {
      throw new ProblemException(400, "alarms: must be true, or left out");
    }
    return value != null;
  }
}
