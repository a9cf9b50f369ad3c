package org.m2ib.fhir;

import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/**
 * The parameters of a history, parsed strictly.
 *
 * @param count page size, [0, {@value SearchQuery#MOST}]
 * @param before version at which the previous page ended; {@link Integer#MAX_VALUE} for the first
 *     page
 */
record HistoryQuery(int count, int before) {

  static HistoryQuery parse(Map<String, String[]> parameters) {
    Map<String, String[]> others = new TreeMap<>(parameters);
    String[] count = others.remove(SearchQuery.COUNT);
    String[] after = others.remove(SearchQuery.AFTER);
    SearchQuery.none(others);
    return new HistoryQuery(
        SearchQuery.count(count), after == null ? Integer.MAX_VALUE : version(after));
  }

  private static int version(String[] after) {
    String value = SearchQuery.only(SearchQuery.AFTER, after);
    if (!value.matches("[0-9]{1,9}")) {
      throw Refusal.parameter(
          SearchQuery.AFTER, IssueType.INVALID, "must come from a link of this service");
    }
    return Integer.parseInt(value);
  }
}
