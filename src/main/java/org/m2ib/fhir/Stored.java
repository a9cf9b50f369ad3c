package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.Optional;
import org.hl7.fhir.r4.model.Resource;
import org.jboss.logging.Logger;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceStore;

/** Parses stored resources. An unreadable one does not affect the others. */
final class Stored {
  private static final Logger LOG = Logger.getLogger(Stored.class);

  private Stored() {}

  /** Returns empty if the resource cannot be parsed, and logs its type and id. */
  static Optional<Resource> read(FhirContext fhir, StoredResource stored) {
    try {
      String body = ResourceStore.readable(stored.body());
      return Optional.of((Resource) fhir.newJsonParser().parseResource(body));
    } catch (DataFormatException | IllegalArgumentException | ClassCastException e) {
      // its message may quote the resource
      LOG.errorf("stored %s/%s is not a FHIR resource", stored.type(), stored.id());
      return Optional.empty();
    }
  }
}
