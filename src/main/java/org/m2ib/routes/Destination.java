package org.m2ib.routes;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where results go.
 *
 * @param archive {@code AET@host:port}, also with {@code +tls}; null if it is none
 * @param stow base URL of a DICOMweb archive; null if it is none
 * @param fhir base URL of a FHIR server; null if it is none
 * @param hl7 {@code mllp://host:port}, also with {@code +tls}; null if it is none
 * @param tokenFile file with the bearer token; null for none
 * @param username for HTTP Basic; null for none
 * @param passwordFile file with its password; null for none
 * @param tls name of the TLS configuration for HTTP; null for the runtime's authorities
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Destination(
    String name,
    String archive,
    String stow,
    String fhir,
    String hl7,
    String tokenFile,
    String username,
    String passwordFile,
    String tls) {

  /** The archives in {@code m2ib.archive} and {@code m2ib.stow.url}, whichever these are. */
  public static final Destination ARCHIVES =
      new Destination("archive", null, null, null, null, null, null, null, null);

  /** The server in {@code m2ib.fhir.url}, whichever that is. */
  public static final Destination FHIR =
      new Destination("fhir", null, null, null, null, null, null, null, null);

  /** The receivers in {@code m2ib.hl7.destinations}, whichever these are. */
  public static final Destination RECEIVERS =
      new Destination("hl7", null, null, null, null, null, null, null, null);

  /** Whether it is an archive, by C-STORE or STOW-RS, or those that are configured. */
  @JsonIgnore
  public boolean isArchive() {
    return archive != null || stow != null || name.equals(ARCHIVES.name());
  }

  /** Whether it is a FHIR server, or that of {@code m2ib.fhir.url}. */
  @JsonIgnore
  public boolean isFhir() {
    return fhir != null || name.equals(FHIR.name());
  }
}
