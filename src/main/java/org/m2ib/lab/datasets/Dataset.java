package org.m2ib.lab.datasets;

import java.util.List;
import java.util.Map;

/** Examples in an order that depends on the files only. Thread-safe. */
public interface Dataset {
  /** Name for a table's heading, for example {@code MS-CXR}. */
  String name();

  /** Unique to the data set, so that results of one are not mistaken for another's. */
  String identity();

  /** At least one. */
  List<Example> examples();

  default int size() {
    return examples().size();
  }

  /**
   * @param i 0 to size - 1
   */
  default Example example(int i) {
    return examples().get(i);
  }

  /** Rows that could not be used, one line each: file, place, problem and what to do. */
  default List<String> problems() {
    return List.of();
  }

  /** Number of rows left out because they have no finding or no agreement, by reason. */
  default Map<String, Integer> leftOut() {
    return Map.of();
  }
}
