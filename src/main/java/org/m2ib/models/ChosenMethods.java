package org.m2ib.models;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.config.M2ibConfig;

/**
 * The attribution methods of a deployment.
 *
 * @param all methods in order; the maps of the first are delivered as captures and Observations,
 *     those of the others are stored for review only
 * @param interactions whether second-order interactions are stored too
 */
public record ChosenMethods(List<Attributor> all, boolean interactions) implements AutoCloseable {
  private static final String DELIVERED = "m2ib.attribution.method";
  private static final String ADDITIONAL = "m2ib.attribution.additional-methods";

  /**
   * @param attributor creates an attributor by its method's name
   * @throws IllegalArgumentException if a method does not exist or is named twice; the message
   *     gives key, value and allowed values
   */
  static ChosenMethods of(M2ibConfig.Attribution config, Function<String, Attributor> attributor) {
    List<String> names = names(config.method(), config.additionalMethods().orElse(List.of()));
    return new ChosenMethods(names.stream().map(attributor).toList(), config.interactions());
  }

  /** The names of all methods that may be chosen. */
  public static List<String> known() {
    return Methods.NAMES;
  }

  static List<String> names(String delivered, List<String> additional) {
    requireMethod(DELIVERED, delivered);
    additional.forEach(name -> requireMethod(ADDITIONAL, name));
    if (additional.contains(delivered)) {
      throw new IllegalArgumentException(
          "%s: '%s' is already the delivered method (%s); leave it out"
              .formatted(ADDITIONAL, delivered, DELIVERED));
    }
    if (additional.stream().distinct().count() < additional.size()) {
      throw new IllegalArgumentException(
          "%s = %s: a method is listed twice; name each once"
              .formatted(ADDITIONAL, String.join(",", additional)));
    }
    return Stream.concat(Stream.of(delivered), additional.stream()).toList();
  }

  private static void requireMethod(String key, String name) {
    try {
      Methods.card(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  public Attributor delivered() {
    return all.get(0);
  }

  @Override
  public void close() {
    all.forEach(Attributor::close);
  }
}
