package org.m2ib.review;

import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.StorableText;

/** The query parameters of {@code GET /api/cases}. */
final class CaseSearch {
  private static final String STUDY = "studyInstanceUid";
  private static final String ACCESSION = "accessionNumber";
  private static final String STATE = "state";
  private static final String ALARMS = "alarms";
  private static final String OFFSET = "offset";
  private static final String LIMIT = "limit";
  private static final List<String> ALL = List.of(STUDY, ACCESSION, STATE, ALARMS, OFFSET, LIMIT);
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  private final MultivaluedMap<String, String> parameters;
  private final CaseState state;
  private final boolean alarms;
  private final int offset;
  private final int limit;

  /**
   * @throws Answers.Problem 400, that names the wrong parameter and what is allowed
   */
  CaseSearch(MultivaluedMap<String, String> parameters) {
    this.parameters = parameters;
    for (String name : parameters.keySet()) {
      if (!ALL.contains(name)) {
        throw new Answers.Problem(400, name + ": not a parameter; there are " + ALL);
      }
      String value = value(name);
      if (value != null && !StorableText.of(value).equals(value)) { // PostgreSQL cannot even look
        throw new Answers.Problem(400, name + ": has a control character, which no value has");
      }
    }
    this.state = state(value(STATE));
    this.alarms = flag(value(ALARMS));
    this.offset = number(OFFSET, 0, 0, Integer.MAX_VALUE - MOST - 1);
    this.limit = number(LIMIT, USUAL, 1, MOST);
  }

  /** Asks for one more than is shown: it tells whether there is a next page. */
  CaseStore.Query query() {
    return new CaseStore.Query(value(STUDY), value(ACCESSION), state, alarms, offset, limit + 1);
  }

  int limit() {
    return limit;
  }

  /** The address of the next page. */
  String next() {
    StringJoiner query = new StringJoiner("&", "/api/cases?", "");
    for (String name : List.of(STUDY, ACCESSION, STATE, ALARMS)) {
      if (value(name) != null) {
        query.add(name + "=" + URLEncoder.encode(value(name), StandardCharsets.UTF_8));
      }
    }
    return query.add(OFFSET + "=" + (offset + limit)).add(LIMIT + "=" + limit).toString();
  }

  private String value(String name) {
    String value = parameters.getFirst(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static CaseState state(String value) {
    if (value == null) {
      return null;
    }
    try {
      return CaseState.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Answers.Problem(
          400, STATE + ": must be one of " + Arrays.toString(CaseState.values()));
    }
  }

  private static boolean flag(String value) {
    if (value != null && !value.equals("true")) {
      throw new Answers.Problem(400, ALARMS + ": must be true, or left out");
    }
    return value != null;
  }

  private int number(String name, int usual, int least, int most) {
    String value = value(name);
    try {
      int number = value == null ? usual : Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new Answers.Problem(400, name + ": must be a number from " + least + " to " + most);
  }
}
