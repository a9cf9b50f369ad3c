package org.m2ib.lab.experiments;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The engine's time by operator, from its own profiler. Recording takes time itself, relatively
 * most for small operators, so shares are more meaningful than seconds.
 */
public final class EngineProfile {
  private static final Set<String> PRODUCTS = Set.of("aten::mm", "aten::addmm", "aten::bmm");

  private EngineProfile() {}

  /**
   * Runs something while the engine records it.
   *
   * @return the operators that took most time, over all threads
   */
  static List<Operator> of(Runnable run) {
    try {
      Path trace = Files.createTempFile("m2ib-profile", ".json");
      try {
        JniUtils.startProfile(false, false, false);
        try {
          run.run();
        } finally {
          JniUtils.stopProfile(trace.toString());
        }
        return operators(new ObjectMapper().readTree(trace.toFile()));
      } finally {
        Files.delete(trace);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param name the engine's
   * @param calls number of calls
   * @param share of the time of all operators, without the operators it called, [0, 1]
   */
  public record Operator(String name, int calls, double share) {}

  /** The share of the matrix products, [0, 1]. */
  public static double products(List<Operator> operators) {
    return operators.stream()
        .filter(o -> PRODUCTS.contains(o.name()))
        .mapToDouble(Operator::share)
        .sum();
  }

  /**
   * @param trace in Chrome's format: events with name, tid, ts and dur, microseconds; an event lies
   *     within the one that called it
   */
  static List<Operator> operators(JsonNode trace) {
    List<JsonNode> events = new ArrayList<>();
    trace.forEach(events::add);
    events.removeIf(e -> !e.path("ph").asText().equals("X"));
    events.sort(
        Comparator.comparingInt((JsonNode e) -> e.path("tid").asInt())
            .thenComparingDouble(e -> e.path("ts").asDouble())
            .thenComparingDouble(e -> -e.path("dur").asDouble()));
    Map<String, Double> own = new HashMap<>();
    Map<String, Integer> calls = new HashMap<>();
    Deque<JsonNode> open = new ArrayDeque<>();
    double total = 0;
    for (JsonNode event : events) {
      double duration = event.path("dur").asDouble();
      while (!open.isEmpty() && !holds(open.peek(), event)) {
        open.pop();
      }
      if (open.isEmpty()) {
        total += duration;
      } else {
        own.merge(open.peek().path("name").asText(), -duration, Double::sum);
      }
      own.merge(event.path("name").asText(), duration, Double::sum);
      calls.merge(event.path("name").asText(), 1, Integer::sum);
      open.push(event);
    }
    double all = total;
    return own.entrySet().stream()
        .map(e -> new Operator(e.getKey(), calls.get(e.getKey()), e.getValue() / all))
        .sorted(Comparator.comparingDouble(Operator::share).reversed())
        .toList();
  }

  private static boolean holds(JsonNode outer, JsonNode inner) {
    return outer.path("tid").asInt() == inner.path("tid").asInt()
        && inner.path("ts").asDouble() < outer.path("ts").asDouble() + outer.path("dur").asDouble();
  }
}
