package org.m2ib.lab.statistics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The scores of one method's map of one example.
 *
 * @param exampleId an image with a sentence; methods are compared on the same examples
 * @param imageId examples of one image are not independent
 * @param category of the example, for example a finding
 * @param method that made the map
 * @param figures by name, in the order of the table; NaN if an example has no value
 * @param map itself, [rows][columns] of the model's grid; null if not kept
 */
public record Scored(
    String exampleId,
    String imageId,
    String category,
    String method,
    Map<String, Double> figures,
    double[][] map) {

  public Scored {
    figures = new LinkedHashMap<>(figures);
  }

  /** Without the map. */
  public Scored(
      String exampleId,
      String imageId,
      String category,
      String method,
      Map<String, Double> figures) {
    this(exampleId, imageId, category, method, figures, null);
  }

  /** NaN if it has none. */
  public double figure(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}
