package org.m2ib.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.m2ib.base.Notice;

/**
 * Whether a FHIR server can take results, found out without leaving anything there.
 *
 * @param lacking interactions that results need and that its CapabilityStatement does not list
 * @param validated whether it checked a made-up Observation ({@code $validate}), which it can only
 *     after it has let us post
 */
public record FhirReadiness(List<String> lacking, boolean validated) {
  private static final List<String> TYPES =
      List.of("Observation", "Device", "Provenance", "ImagingStudy");

  /**
   * @param limit of each exchange
   * @throws DeliveryException if the server does not answer, or does not let us
   */
  public static FhirReadiness of(FhirServer server, Duration limit) throws DeliveryException {
    List<CapabilityStatementRestComponent> rest =
        server.capabilities(limit).getRest().stream()
            .filter(each -> each.getMode() != RestfulCapabilityMode.CLIENT)
            .toList();
    List<String> lacking = new ArrayList<>();
    if (rest.stream()
        .flatMap(each -> each.getInteraction().stream())
        .noneMatch(each -> each.getCode() == SystemRestfulInteraction.TRANSACTION)) {
      lacking.add("transaction");
    }
    for (String type : TYPES) {
      if (rest.stream()
          .flatMap(each -> each.getResource().stream())
          .noneMatch(each -> type.equals(each.getType()) && each.getConditionalUpdate())) {
        lacking.add("conditional update of " + type);
      }
    }
    boolean validates = rest.stream().anyMatch(FhirReadiness::validates);
    if (validates) {
      server.validate(sample(), limit);
    }
    return new FhirReadiness(lacking, validates);
  }

  private static boolean validates(CapabilityStatementRestComponent rest) {
    return Stream.concat(
            rest.getOperation().stream(),
            rest.getResource().stream()
                .filter(each -> "Observation".equals(each.getType()))
                .flatMap(each -> each.getOperation().stream()))
        .anyMatch(operation -> "validate".equals(operation.getName()));
  }

  private static Observation sample() {
    Observation sample = new Observation();
    sample.setStatus(ObservationStatus.PRELIMINARY);
    sample.getCode().setText("Check of a connection. " + Notice.NOT_DIAGNOSTIC);
    return sample;
  }
}
