package org.m2ib.lab.datasets;

import java.util.List;
import java.util.Map;

/** Examples in an order that depends on the files only. Thread-safe. */
public interface Dataset {
  /** Name for a table's heading, for example {@code MS-CXR}. */
  String name();

  /** Unique to the data set, so that results of one are not mistaken for another's. */
  String identity();

  /** At least 1. */
  int size();

  /**
   * @param i 0 to size - 1
   */
  Example example(int i);

  /** Rows that could not be used, one line each: file, place, problem and what to do. */
  List<String> problems();

  /** Number of rows left out because they have no finding or no agreement, by reason. */
  Map<String, Integer> leftOut();
}
