package org.m2ib.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What a route does with a case.
 *
 * @param ignore why it is not attributed; null if it is
 * @param model name of the model; null: the models' own rules decide
 * @param method whose maps are delivered; null: the configured one
 * @param destinations where the results go
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Handling(
    String ignore, ImageChoice images, String model, String method, List<Sent> destinations) {

  /** As configured. */
  public static final Handling CONFIGURED =
      new Handling(null, ImageChoice.CONFIGURED, null, null, toAll(null));

  /**
   * @param objects kinds of DICOM objects; null: those configured, and for what is no archive
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Sent(Destination to, List<String> objects) {}

  /** Everywhere that is configured. */
  static List<Sent> toAll(List<String> objects) {
    return List.of(
        new Sent(Destination.ARCHIVES, objects),
        new Sent(Destination.FHIR, null),
        new Sent(Destination.RECEIVERS, null));
  }

  public Handling {
    destinations = List.copyOf(destinations);
  }
}
