package org.m2ib.clip;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class FormulaWeightsTest {
  @Test
  void everyKindOfTensorBeginsAndEndsAsTheGoldensWereMade() throws IOException {
    JsonNode ends;
    try (InputStream in = Golden.class.getResourceAsStream("/org/m2ib/clip/golden-formula.json")) {
      ends = new ObjectMapper().readTree(in);
    }
    assertAll(
        ends.properties().stream()
            .map(tensor -> () -> assertEnds(tensor.getKey(), tensor.getValue())));
  }

  private static void assertEnds(String tensor, JsonNode expected) {
    JsonNode sizes = expected.get("shape");
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
    }
    float[] values = FormulaWeights.values(tensor, shape);
    assertEquals(expected.get("first").floatValue(), values[0], tensor);
    assertEquals(expected.get("last").floatValue(), values[values.length - 1], tensor);
  }
}
