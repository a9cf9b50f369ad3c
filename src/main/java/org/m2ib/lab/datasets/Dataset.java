package org.m2ib.lab.datasets;

import java.util.List;
import java.util.Map;

/** Examples in an order that follows from the files alone. Threads may share it. */
public interface Dataset {
  /** What it is, for a table's heading, for example {@code MS-CXR}. */
  String name();

  /** Differs from that of any other data set: results of one must not be taken for another's. */
  String identity();

  /** 1 or more. */
  int size();

  /**
   * @param i 0 to size - 1
   */
  Example example(int i);

  /** Rows that could not be used, one line each: file, place, what is wrong and what to do. */
  List<String> problems();

  /** Rows left out because there is nothing to find or nothing agreed on: reason to number. */
  Map<String, Integer> leftOut();
}
