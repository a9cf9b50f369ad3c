package org.m2ib.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What scikit-learn, SciPy and statsmodels computed: src/test/python/metrics.py. */
public final class MetricsGolden {
  private MetricsGolden() {}

  public static JsonNode read(String part) {
    try (InputStream in =
        MetricsGolden.class.getResourceAsStream("/org/m2ib/metrics/golden-metrics.json")) {
      return new ObjectMapper().readTree(in).required(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  static float[] floats(JsonNode array) {
    double[] doubles = doubles(array);
    float[] values = new float[doubles.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) doubles[i];
    }
    return values;
  }
}
