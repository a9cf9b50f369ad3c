package org.m2ib.delivery;

import java.util.Optional;

/** The FHIR servers that are known now, whichever were when a row was created. */
public interface FhirServers {

  /** That of {@code m2ib.fhir.url}. */
  Optional<FhirServer> configured();

  /** Whether there is one with this base URL. */
  default boolean knows(String url) {
    return at(url).isPresent();
  }

  /** The one with this base URL: that of {@code m2ib.fhir.url} or of a route. */
  default Optional<FhirServer> at(String url) {
    return configured().filter(server -> server.url().equals(url));
  }
}
