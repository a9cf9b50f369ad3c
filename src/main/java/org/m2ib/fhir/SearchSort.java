package org.m2ib.fhir;

import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.ResourceSort;
import org.m2ib.fhir.store.ResourceSort.Column;
import org.m2ib.fhir.store.SearchParameters;

/** Reads {@code _sort} (FHIR R4 search.html#sort). */
final class SearchSort {
  private static final String SORT = "_sort";
  private static final int MOST = 3;

  private SearchSort() {}

  /**
   * @param parameters {@code _sort} is removed
   */
  static ResourceSort take(String type, Map<String, String[]> parameters) {
    String[] values = parameters.remove(SORT);
    if (values == null) {
      return ResourceSort.BY_ID;
    }
    List<ResourceSort.Key> keys = new ArrayList<>();
    for (String value : SearchQuery.only(SORT, values).split(",", -1)) {
      boolean descending = value.startsWith("-");
      ResourceSort.Key key =
          new ResourceSort.Key(column(type, descending ? value.substring(1) : value), descending);
      if (keys.stream().anyMatch(other -> other.column() == key.column())) {
        throw Refusal.parameter(SORT, IssueType.INVALID, "must name each parameter only once");
      }
      keys.add(key);
    }
    if (keys.size() > MOST) {
      throw Refusal.parameter(SORT, IssueType.TOOCOSTLY, "at most " + MOST + " parameters");
    }
    return new ResourceSort(keys);
  }

  private static Column column(String type, String name) {
    return SearchParameters.find(type, name)
        .flatMap(SearchSort::column)
        .orElseThrow(
            () ->
                Refusal.parameter(
                    SORT,
                    IssueType.NOTSUPPORTED,
                    "must be one of " + String.join(", ", sortable(type)) + ", or - and one"));
  }

  private static List<String> sortable(String type) {
    return SearchParameters.of(type).stream()
        .filter(parameter -> column(parameter).isPresent())
        .map(RuntimeSearchParam::getName)
        .sorted()
        .toList();
  }

  private static Optional<Column> column(RuntimeSearchParam parameter) {
    return switch (parameter.getName()) {
      case "_id" -> Optional.of(Column.ID);
      case "_lastUpdated" -> Optional.of(Column.UPDATED);
      case "code", "type" -> Optional.of(Column.CODE);
      default ->
          parameter.getParamType() == RestSearchParameterTypeEnum.DATE
              ? Optional.of(Column.DATE)
              : Optional.empty();
    };
  }
}
